import FikaSimulation
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import NIOCore
import NIOPosix
import Testing

/// An end of a connection to a relay that says whatever a test wants, byte by byte.
final class RawClient {
    private let channel: any Channel
    private var parts: AsyncStream<[UInt8]>.Iterator
    private var decoder = FrameDecoder(limit: .full)
    /// The welcome's body as it came.
    private(set) var welcomeBody: [UInt8] = []

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let parts: AsyncStream<[UInt8]>.Continuation

        init(_ parts: AsyncStream<[UInt8]>.Continuation) {
            self.parts = parts
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            parts.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            parts.finish()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    init(port: Int) async throws {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        parts = stream.makeAsyncIterator()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    // MARK: Saying

    /// Whoever was thrown out already does not get to say it.
    func send(_ bytes: [UInt8]) async {
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func send(_ frames: Frame...) async {
        await send(frames.flatMap { $0.encode() })
    }

    func upload(_ segments: [SealedSegment]) async {
        await send(
            segments.flatMap {
                Frame.batch(Batch(log: $0.segment.log, placements: [], segment: $0.bytes)).encode()
            })
    }

    /// Says that nothing more comes.
    func finish() async {
        try? await channel.close(mode: .output).get()
    }

    func close() async {
        try? await channel.close().get()
    }

    // MARK: Hearing

    /// The next frame; nil once the relay closed the connection.
    func next() async throws -> Frame? {
        while true {
            if let decoded = try decoder.next() {
                if case .welcome = decoded.frame { welcomeBody = decoded.signedBody }
                return decoded.frame
            }
            guard let part = await parts.next(isolation: #isolation) else { return nil }
            decoder.append(part)
        }
    }

    /// The next failure or refusal, whatever comes before it; nil once the connection is closed.
    func verdict() async throws -> Frame? {
        while let frame = try await next() {
            switch frame {
            case .failure, .refusal: return frame
            case .welcome, .hello, .ready, .cursors, .status, .names, .brief, .batch, .placed,
                .head, .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral,
                .ping, .pong, .goodbye:
                continue
            }
        }
        return nil
    }

    /// The failure that ended the connection, after which nothing came; nil when there was none.
    func lastWord() async throws -> Failure.Code? {
        var last: Frame?
        while let frame = try await next() { last = frame }
        guard case .failure(let failure) = last else { return nil }
        return Failure.Code(rawValue: failure.code)
    }

    // MARK: Shaking hands

    /// A hello that answers the welcome, which must have come.
    func hello(_ user: String, in workspace: WorkspaceID, seed: UInt64) throws -> Hello {
        var generator = SplitMix64(seed: seed)
        let key = DeviceKey(using: &generator)
        let hello = Hello(
            key: key.publicKey, nonce: Array(repeating: 3, count: 16), workspace: workspace,
            user: try #require(UserID(user)), credit: 1 << 20, summary: SyncSummary(),
            completeUntil: 0,
            signature: try #require(Signature(bytes: Array(repeating: 0, count: 64))))
        return Handshake.signed(hello, by: key, welcomeBody: welcomeBody)
    }

    /// Hears the welcome.
    func welcome() async throws -> Welcome {
        guard case .welcome(let welcome) = try await next() else { throw NoWelcome() }
        return welcome
    }

    struct NoWelcome: Error {}

    /// Shakes hands as a user who holds nothing.
    func join(_ user: String, in workspace: WorkspaceID, seed: UInt64 = 5) async throws {
        _ = try await welcome()
        await send(.hello(try hello(user, in: workspace, seed: seed)))
        guard case .ready = try await next() else { throw NoWelcome() }
    }
}
