import FikaSync
import NIOCore
import NIOPosix

/// A connection that this end made.
struct OutgoingConnection: Sendable {
    private let channel: any Channel
    private let handler: NIOLoopBoundBox<FrameHandler?>

    /// Connects; what comes is told to a receiver on the event loop.
    static func connect(
        to address: LinkAddress, group: any EventLoopGroup,
        receiver: @escaping @Sendable () -> any FrameReceiver
    ) -> EventLoopFuture<OutgoingConnection> {
        let eventLoop = group.next()
        let box = NIOLoopBoundBox<FrameHandler?>.makeEmptyBox(eventLoop: eventLoop)
        return ClientBootstrap(group: eventLoop)
            .connectTimeout(.seconds(10))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = FrameHandler(
                        ConnectionID(raw: 0), receiver: receiver(), raisesLimitAtReady: true)
                    box.value = handler
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: address.host, port: address.port)
            .map { OutgoingConnection(channel: $0, handler: box) }
    }

    var eventLoop: any EventLoop { channel.eventLoop }

    func send(_ bytes: [UInt8]) {
        perform { handler in
            _ = handler.write(ByteBuffer(bytes: bytes))
            handler.flush()
        }
    }

    /// So many bytes of frames were dealt with.
    func taken(_ byteCount: Int) {
        perform { $0.taken(byteCount) }
    }

    /// Closes after all that was sent.
    func end() {
        perform { $0.end() }
    }

    func drop() {
        perform { $0.drop() }
    }

    /// Returns once the connection is gone.
    func waitUntilClosed() async {
        try? await channel.closeFuture.get()
    }

    private func perform(_ body: @escaping @Sendable (FrameHandler) -> Void) {
        channel.eventLoop.execute { [handler] in
            if let handler = handler.value { body(handler) }
        }
    }
}
