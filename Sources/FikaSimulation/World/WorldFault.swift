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
    /// The relay loses its log and goes on with the same key.
    case wipe
    /// The relay's log is put back to what it was, found out at once or by what clients bring.
    case oldCopy
    /// A client's store is put back to what it was.
    case restore
    /// A client's folder is copied, and both go on.
    case clone
    /// A clock jumps, by up to ten years.
    case jump
    /// Somebody is reached by nobody for a while, or one end only is not heard.
    case partition
    /// What is sent on a connection trickles for a while.
    case clog
    /// A device forges: forks, others' names, times far off, what it has no right to.
    case attack
    /// No fault at all: two devices meet without the relay.
    case meet

    /// Whether only long worlds have it.
    package var isOfLongWorlds: Bool { self == .clog || self == .attack }
}
