import FikaSync
import NIOCore

/// The protocol's end of a channel: bytes in, whole groups of frames out; bytes out as they are.
///
/// It lives on its event loop. Nothing is read while more than a little waits to be taken, so that
/// a peer that is faster than we are is held up by TCP and not by our memory.
final class FrameHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bytes of frames that may wait to be taken before reading stops.
    static let waitingBytesMaximum = 1 << 20
    /// Bytes that may wait for a peer that does not read, before it is dropped.
    static let unsentBytesMaximum = 64 << 20
    /// How long an ending connection may take for its last bytes.
    static let lingerTime = TimeAmount.seconds(5)

    let id: ConnectionID
    private let receiver: any FrameReceiver
    private let raisesLimitAtReady: Bool
    private var context: ChannelHandlerContext?
    private var decoder = FrameDecoder()
    private var group = FrameGroup()
    private var waitingBytes = 0
    private var isReadHeld = false
    private var isReadWanted = false
    private var isOpen = false
    /// Nothing that comes is looked at any more.
    private var isEnding = false
    /// Our half is closed, the other end's not yet.
    private var isLingering = false
    private var isUnflushed = false

    /// Creates the handler of a new channel.
    ///
    /// - Parameters:
    ///   - id: How the receiver knows the connection.
    ///   - receiver: Who is told; the handler keeps it.
    ///   - raisesLimitAtReady: Whether a `ready` that comes ends the handshake: at the end that
    ///     connected.
    init(_ id: ConnectionID, receiver: any FrameReceiver, raisesLimitAtReady: Bool) {
        self.id = id
        self.receiver = receiver
        self.raisesLimitAtReady = raisesLimitAtReady
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { open() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        open()
        context.fireChannelActive()
    }

    private func open() {
        guard !isOpen else { return }
        isOpen = true
        receiver.opened(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        deliver()
        isEnding = true
        receiver.closed(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, or a peer that closed while we wrote: the connection is over either way.
        context.close(promise: nil)
    }

    /// The other end's address, where there is one.
    var remoteAddress: SocketAddress? { context?.channel.remoteAddress }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isEnding else { return }
        decoder.append(unwrapInboundIn(data).readableBytesView)
        do {
            while let frame = try decoder.next() {
                if raisesLimitAtReady, case .ready = frame.frame { decoder.limit = .full }
                group.add(frame)
            }
        } catch {
            group = FrameGroup()
            isEnding = true
            receiver.broken(Failure(error.code, "\(error)"), from: self)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliver()
        context.fireChannelReadComplete()
    }

    private func deliver() {
        guard !isEnding, !group.frames.isEmpty else { return }
        let group = group
        self.group = FrameGroup()
        waitingBytes += group.byteCount
        if waitingBytes > Self.waitingBytesMaximum { isReadHeld = true }
        receiver.received(group, from: self)
    }

    func read(context: ChannelHandlerContext) {
        if isReadHeld {
            isReadWanted = true
        } else {
            context.read()
        }
    }

    /// The consumer is done with so many bytes of frames.
    func taken(_ byteCount: Int) {
        waitingBytes -= byteCount
        if waitingBytes <= Self.waitingBytesMaximum / 2 { releaseRead() }
    }

    private func releaseRead() {
        isReadHeld = false
        guard isReadWanted else { return }
        isReadWanted = false
        context?.read()
    }

    /// The handshake is done: frames may be long from now on.
    func admit() {
        decoder.limit = .full
    }

    // MARK: Out

    /// Writes bytes that ``flush()`` sends; returns whether nothing was waiting for that before.
    func write(_ bytes: ByteBuffer) -> Bool {
        guard let context else { return false }
        context.write(wrapOutboundOut(bytes), promise: nil)
        defer { isUnflushed = true }
        return !isUnflushed
    }

    func flush() {
        guard let context, isUnflushed else { return }
        isUnflushed = false
        context.flush()
        guard !context.channel.isWritable else { return }
        let unsent = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        if unsent ?? 0 > Self.unsentBytesMaximum { context.close(promise: nil) }
    }

    /// Closes now, whatever is under way.
    func drop() {
        context?.close(promise: nil)
    }

    /// Closes once everything written has left and the peer has seen it.
    ///
    /// Closing a socket with unread bytes would destroy what is still under way; so only our half
    /// is closed, and the peer's end, or a little time, closes the rest.
    func end() {
        guard let context, !isLingering else { return }
        (isEnding, isLingering) = (true, true)
        flush()
        context.close(mode: .output, promise: nil)
        releaseRead()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: Self.lingerTime) { bound.value.close(promise: nil) }
    }
}
