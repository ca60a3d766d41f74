package import FikaNet

/// What a relay's core asks of its driver, in this order.
package enum RelayAction: Hashable, Sendable {
    case send([UInt8], to: ConnectionID)
    /// The same bytes to each: one buffer.
    case broadcast([UInt8], to: [ConnectionID])
    /// After all that was sent to it.
    case close(ConnectionID)
    case note(RelayNote)
}
