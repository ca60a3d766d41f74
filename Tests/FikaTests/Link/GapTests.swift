import Fika
import FikaCRDT
import FikaNet
import FikaSync
import FikaTestSupport
import Foundation
import Testing

/// What people see of a room of which only a part is here.
@Suite(.timeLimit(.minutes(5)))
struct GapTests {
    @Test func `what is missing is told with the page, and fetched before all else on scroll`()
        async throws
    {
        let folder = try TemporaryFolder()
        let fika = try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
        let room = try await fika.createRoom("Köket")
        let sent = try await room.send("det nyaste")
        #expect(try await room.timeline().missing == 0)
        #expect(try await room.summary().isComplete)
        let relay = HoldingRelay(
            announcing: [LogStatus(log: room.id.log, state: .follows, from: 0, position: 500)],
            time: UInt64(try await room.message(sent.id).time.timeIntervalSince1970 * 1000))
        let link = fika.connect(to: .relay("127.0.0.1", port: try await relay.start()))
        for await page in room.timeline(around: .newest) where page.missing > 0 {
            #expect(page.missing == 500)
            break
        }
        #expect(try await !room.summary().isComplete)
        #expect(try await fika.status().gaps.map(\.missing) == [500])
        #expect(relay.heard.value.isEmpty, "the newest rows come unasked")
        let page = try await room.timeline(.before(sent.id), limit: 30)
        #expect(page.missing == 500)
        for await frames in relay.heard.values {
            guard let frame = frames.first else { continue }
            guard case .page(let asked) = frame else {
                Issue.record("\(frame) is no request")
                break
            }
            #expect(asked.log == room.id.log)
            #expect(asked.limit == 30)
            break
        }
        await link.disconnect()
        await relay.stop()
        try await fika.close()
    }
}
