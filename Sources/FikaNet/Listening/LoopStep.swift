import NIOCore

/// Something for one event loop to do.
enum LoopStep: Sendable {
    /// The buffer's bytes are shared by all who get them.
    case send(ByteBuffer, to: [ConnectionID])
    case admit(ConnectionID)
    case close(ConnectionID)
    /// So many bytes of frames of a connection were dealt with.
    case taken(ConnectionID, byteCount: Int)
}
