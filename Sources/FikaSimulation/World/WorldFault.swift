/// What goes wrong in a world.
package enum WorldFault: String, Hashable, Sendable, CaseIterable {
    /// A connection breaks, at one end first.
    case cut
    /// Bytes take long, now and then very long.
    case delay
    /// A client or the relay stops between two of its effects.
    case crash
    /// Bytes of a broken connection arrive after the next one was made.
    case reorder
    /// Somebody changes ops on their way to the relay.
    case tamper
    /// The relay loses its log and goes on with the same key; not drawn, only planned.
    case wipe
}
