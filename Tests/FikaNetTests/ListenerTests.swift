import FikaSimulation
import FikaCRDT
import FikaNet
import FikaSync
import FikaTestSupport
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(5))) struct ListenerTests {
    /// What a listener tells, and a way to act on it.
    private final class Witness: Sendable {
        let events = LatestValue<[ListenerEvent]>([])
        let queue = SerialQueue("witness")
        let answer: @Sendable (ListenerEvent) -> [ListenerAction]

        init(answer: @escaping @Sendable (ListenerEvent) -> [ListenerAction] = { _ in [] }) {
            self.answer = answer
        }

        func start(connectionsMaximum: Int = 100) async throws -> Listener {
            try await Listener.start(
                ListenerSettings(
                    host: "127.0.0.1", port: 0, connectionsMaximum: connectionsMaximum,
                    tickMilliseconds: 3_600_000),
                group: MultiThreadedEventLoopGroup.singleton, queue: queue
            ) { events in
                self.events.set(self.events.value + events)
                return events.flatMap(self.answer)
            }
        }

        /// Waits until what was told is as asked for.
        @discardableResult
        func wait(_ isEnough: ([ListenerEvent]) -> Bool) async -> [ListenerEvent] {
            for await events in events.values where isEnough(events) { return events }
            return []
        }

        var frames: [Frame] {
            events.value.flatMap { event -> [Frame] in
                guard case .received(_, let group) = event else { return [] }
                return group.frames.map(\.frame)
            }
        }
    }

    private func connect(
        to listener: Listener
    ) async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: listener.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    @Test func `frames come out whole however their bytes come in`() async throws {
        let witness = Witness()
        let listener = try await witness.start()
        let frames = (1...20 as ClosedRange<UInt64>).map { Frame.ping($0 << 20) }
        let bytes = frames.flatMap { $0.encode() }
        try await connect(to: listener).executeThenClose { _, outbound in
            for start in stride(from: 0, to: bytes.count, by: 3) {
                try await outbound.write(ByteBuffer(bytes: bytes[start...].prefix(3)))
            }
            await witness.wait { _ in witness.frames.count == frames.count }
        }
        #expect(witness.frames == frames)
        let events = await witness.wait { events in
            events.contains { if case .closed = $0 { true } else { false } }
        }
        guard case .opened(let id, isLoopback: true) = events.first else {
            Issue.record("\(events)")
            return
        }
        #expect(events.last == .closed(id))
        await listener.close()
    }

    @Test func `Y1: bytes that are no frame are told as the failure they are`() async throws {
        let witness = Witness { event in
            guard case .broken(let id, let failure) = event else { return [] }
            return [.send(Frame.failure(failure).encode(), to: [id]), .close(id)]
        }
        let listener = try await witness.start()
        let answer = try await connect(to: listener).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: Frame.ping(1).encode()))
            await witness.wait { _ in witness.frames.count == 1 }
            try await outbound.write(
                ByteBuffer(bytes: Frame.ping(2).encode() + [0xFF, 0xFF, 0xFF]))
            var answer = ByteBuffer()
            for try await part in inbound { answer.writeImmutableBuffer(part) }
            return answer
        }
        var decoder = FrameDecoder()
        decoder.append(answer.readableBytesView)
        guard case .failure(let failure) = try decoder.next()?.frame else {
            Issue.record("no failure in \(answer)")
            return
        }
        #expect(Failure.Code(rawValue: failure.code) == .tooLarge)
        // What came in one group with them is not handed on.
        #expect(witness.frames == [.ping(1)])
        await listener.close()
    }

    @Test func `one connection too many is closed and nobody hears of it`() async throws {
        let witness = Witness()
        let listener = try await witness.start(connectionsMaximum: 1)
        try await connect(to: listener).executeThenClose { _, _ in
            await witness.wait { !$0.isEmpty }
            try await connect(to: listener).executeThenClose { inbound, _ in
                var bytes = 0
                for try await part in inbound { bytes += part.readableBytes }
                #expect(bytes == 0)
            }
        }
        let events = await witness.wait { $0.count == 2 }
        #expect(events.count == 2)
        await listener.close()
    }

    @Test func `a broadcast reaches all, and a close comes after what was sent`() async throws {
        let payload = [UInt8](repeating: 7, count: 3_000_000)
        let witness = Witness()
        let listener = try await witness.start()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 1...5 {
                let channel = try await connect(to: listener)
                group.addTask {
                    try await channel.executeThenClose { inbound, _ in
                        var count = 0
                        for try await part in inbound { count += part.readableBytes }
                        return count
                    }
                }
            }
            let events = await witness.wait { $0.count == 5 }
            let ids = events.compactMap { event -> ConnectionID? in
                guard case .opened(let id, _) = event else { return nil }
                return id
            }
            #expect(Set(ids).count == 5)
            listener.perform([.send(payload, to: ids)] + ids.map { .close($0) })
            for try await count in group { #expect(count == payload.count) }
        }
        await listener.close()
    }

    @Test func `what comes too fast waits in the sender's socket and is all there in the end`()
        async throws
    {
        let witness = Witness()
        let listener = try await witness.start()
        let batch = Frame.batch(
            Batch(
                log: LogID(high: 0, low: 1), placements: [],
                segment: Array(repeating: 1, count: 200_000)))
        let bytes = batch.encode()
        try await connect(to: listener).executeThenClose { _, outbound in
            let events = await witness.wait { !$0.isEmpty }
            guard case .opened(let id, _) = events[0] else { return }
            listener.perform([.admit(id)])
            // Admission goes to the connection's loop before what it reads from now on.
            try await outbound.write(ByteBuffer(bytes: Frame.ping(1).encode()))
            await witness.wait { _ in witness.frames.count == 1 }
            for _ in 1...40 { try await outbound.write(ByteBuffer(bytes: bytes)) }
            await witness.wait { _ in witness.frames.count == 41 }
        }
        #expect(witness.frames.count == 41)
        #expect(witness.frames.last == batch)
        await listener.close()
    }
}
