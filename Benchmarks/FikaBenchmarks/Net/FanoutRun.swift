import FikaSync
import Glibc

/// Sends frames to a server and counts what comes out at the connections that listen.
struct FanoutRun {
    /// Frames that go up, each with so many ops.
    let frames: [[UInt8]]
    let opsPerFrame: Int
    /// So many ops at most are on their way: sent, and not yet at every subscriber.
    let window: Int
    /// Whether subscribers tell the server that they have taken what came.
    let givesCredit: Bool

    private static let creditBytes = 1 << 20

    struct Result {
        let deliveries: Int
        let clock: Double
        /// Processor seconds of the server.
        let processor: Double
        /// Bytes that one subscriber received.
        let bytes: Int
        let ops: Int

        var bytesPerDelivery: Double { Double(bytes) / Double(ops) }
        var perSecond: Double { Double(deliveries) / clock }
        var perProcessorSecond: Double { Double(deliveries) / processor }
    }

    private func giveCredit(_ socket: Socket, _ counter: inout FrameCounter) throws {
        let bytes = counter.takeBytesSinceCredit()
        guard givesCredit, bytes > 0 else { return }
        try socket.write(Frame.credit(UInt64(bytes)).encode())
    }

    func run(
        to writer: inout FanoutUplink, subscribers: [Socket], server: ServerProcess
    ) throws -> Result {
        var counters = [FrameCounter](
            repeating: FrameCounter(opsOfUnplaced: opsPerFrame), count: subscribers.count)
        var polled = subscribers.map {
            pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0)
        }
        polled.append(pollfd(fd: writer.socket.descriptor, events: Int16(POLLIN), revents: 0))
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        let total = frames.count * opsPerFrame
        var sent = 0
        var arrived = 0
        let start = server.processorSeconds
        let clock = try Measure.seconds {
            while arrived < total {
                var burst: [UInt8] = []
                while sent < frames.count, (sent + 1) * opsPerFrame - arrived <= window,
                    writer.pay(frames[sent].count)
                {
                    burst += frames[sent]
                    sent += 1
                }
                if !burst.isEmpty { try writer.socket.write(burst) }
                guard poll(&polled, nfds_t(polled.count), 10_000) > 0 else {
                    throw Socket.Failure(
                        text: "nothing came for 10 s after \(arrived) of \(total) ops")
                }
                for index in subscribers.indices where polled[index].revents != 0 {
                    try counters[index].read(subscribers[index], buffer)
                    if counters[index].bytesSinceCredit >= Self.creditBytes {
                        try giveCredit(subscribers[index], &counters[index])
                    }
                }
                if polled[subscribers.count].revents != 0 { try writer.read() }
                arrived = counters.reduce(total) { min($0, $1.ops) }
            }
        }
        for index in subscribers.indices {
            try giveCredit(subscribers[index], &counters[index])
        }
        return Result(
            deliveries: total * subscribers.count, clock: clock,
            processor: server.processorSeconds - start, bytes: counters.first?.bytes ?? 0,
            ops: total)
    }
}
