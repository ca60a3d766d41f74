import FikaSimulation
import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import Testing

/// Damaged frames in the middle of good sessions: neither end traps, and nothing is stored of what
/// ends a connection.
@Suite struct SessionMutationTests {
    private static let perEnd = 50_000
    private static let seed: UInt64 = 2026

    @Test func `50,000 damaged frames end no relay and leave nothing`() throws {
        let frames = try RecordedSessions().sessions.flatMap(\.tape).filter(\.isUp)
        var random = SplitMix64(seed: Self.seed)
        var ended = 0
        for _ in 0..<Self.perEnd {
            let taped = random.pick(frames)
            guard var core = taped.core else { continue }
            let before = core.storage.orders()
            let bytes = random.damaged(taped.bytes)
            let actions = try feed(bytes, as: taped, to: &core)
            let isClosed = actions.contains { $0 == .close(taped.id) }
            guard isClosed else { continue }
            ended += 1
            #expect(core.storage.orders() == before, "seed \(Self.seed)")
        }
        #expect(ended > Self.perEnd / 4)
    }

    @Test func `50,000 damaged frames end no client and leave nothing`() throws {
        let frames = try RecordedSessions().sessions.flatMap(\.tape).filter { !$0.isUp }
        var random = SplitMix64(seed: Self.seed + 1)
        var ended = 0
        for _ in 0..<Self.perEnd {
            let taped = random.pick(frames)
            guard var session = taped.session, var holder = taped.holder else { continue }
            let before = holder.cursors()
            let bytes = random.damaged(taped.bytes)
            var decoder = FrameDecoder(limit: .full)
            decoder.append(bytes)
            var frames: [DecodedFrame] = []
            var actions: [SessionAction] = []
            do {
                while let frame = try decoder.next() { frames.append(frame) }
                actions = try session.received(frames, holder: &holder)
            } catch let error as FrameError {
                actions = session.broken(Failure(error.code, "\(error)"))
            }
            let hasFailed = actions.contains { if case .fail = $0 { true } else { false } }
            guard hasFailed else { continue }
            ended += 1
            if frames.count < 2 {
                #expect(holder.cursors() == before, "seed \(Self.seed)")
            }
        }
        #expect(ended > Self.perEnd / 4)
    }

    /// What a driver does with bytes: frames are taken, and bytes that are none end the connection.
    private func feed(
        _ bytes: [UInt8], as taped: RelayStage.Taped, to core: inout RelayCore<MemoryRelayLog>
    ) throws -> [RelayAction] {
        var decoder = FrameDecoder(limit: .full)
        decoder.append(bytes)
        var frames: [DecodedFrame] = []
        do {
            while let frame = try decoder.next() { frames.append(frame) }
        } catch {
            return core.broken(taped.id, Failure(error.code, "\(error)"), now: taped.now)
        }
        return try core.received([(taped.id, frames)], now: taped.now)
    }
}
