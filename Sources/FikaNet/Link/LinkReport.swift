package import FikaCRDT
package import FikaSync

/// What a session tells beside how it stands.
package enum LinkReport: Hashable, Sendable {
    /// Something new is stored of these logs, rising.
    case stored([LogID])
    case ephemeral(Ephemeral)
    /// All that the other end has of the page is stored.
    case pageArrived(PageRequest)
}
