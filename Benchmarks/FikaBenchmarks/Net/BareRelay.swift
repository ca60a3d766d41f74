import NIOCore
import NIOPosix

/// The limit for a relay on SwiftNIO: it forwards what one connection says to all others.
///
/// It checks nothing and stores nothing. What came in one turn of the loop, up to the end of its
/// last whole frame, goes to each connection in one write of one shared buffer.
final class BareRelay: Sendable {
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let connections: NIOLoopBoundBox<[ObjectIdentifier: any Channel]>

    init() {
        connections = NIOLoopBoundBox.makeBoxSendingValue([:], eventLoop: group.any())
    }

    /// Listens on a free port and returns it.
    func listen() throws -> Int {
        let channel = try ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 8192)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(relay: self))
                }
            }
            .bind(host: "127.0.0.1", port: 0).wait()
        return channel.localAddress?.port ?? 0
    }

    /// One connection.
    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let relay: BareRelay
        private var received = ByteBuffer()

        init(relay: BareRelay) {
            self.relay = relay
        }

        func channelActive(context: ChannelHandlerContext) {
            relay.connections.value[ObjectIdentifier(context.channel)] = context.channel
        }

        func channelInactive(context: ChannelHandlerContext) {
            relay.connections.value[ObjectIdentifier(context.channel)] = nil
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var part = unwrapInboundIn(data)
            if received.readableBytes == 0 {
                received = part
            } else {
                received.writeBuffer(&part)
            }
        }

        func channelReadComplete(context: ChannelHandlerContext) {
            guard let whole = received.readSlice(length: wholeFrames()) else { return }
            guard whole.readableBytes > 0 else { return }
            let own = ObjectIdentifier(context.channel)
            for (id, channel) in relay.connections.value where id != own {
                channel.writeAndFlush(whole, promise: nil)
            }
        }

        /// How many bytes the whole frames take that are there.
        private func wholeFrames() -> Int {
            received.withUnsafeReadableBytes { bytes in
                var start = 0
                while true {
                    var index = start
                    var length = 0
                    var shift = 0
                    while true {
                        guard index < bytes.count else { return start }
                        let byte = bytes[index]
                        index += 1
                        length |= Int(byte & 0x7F) << shift
                        shift += 7
                        if byte < 0x80 { break }
                    }
                    guard index + length <= bytes.count else { return start }
                    start = index + length
                }
            }
        }
    }
}
