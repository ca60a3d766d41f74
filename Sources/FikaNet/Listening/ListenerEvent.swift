package import FikaSync

/// What happens at a ``Listener``.
package enum ListenerEvent: Hashable, Sendable {
    /// Somebody connected; whether from this machine.
    case opened(ConnectionID, isLoopback: Bool)
    case received(ConnectionID, FrameGroup)
    /// Bytes came that are no frame; nothing more comes.
    case broken(ConnectionID, Failure)
    /// The other end is gone.
    case closed(ConnectionID)
    /// Comes again and again, every second unless it was set otherwise.
    case tick
}
