/// What the owner of a ``Listener`` wants done with connections, in this order.
package enum ListenerAction: Hashable, Sendable {
    /// The same bytes to each of them.
    case send([UInt8], to: [ConnectionID])
    /// The handshake is done: longer frames are taken from now on.
    case admit(ConnectionID)
    /// After all that was sent before.
    case close(ConnectionID)
}
