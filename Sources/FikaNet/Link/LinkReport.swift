package import FikaCRDT
package import FikaSync

/// What a session tells beside how it stands.
package enum LinkReport: Sendable {
    /// Something new is stored of these logs, rising.
    case stored([LogID])
    /// The relay does not know these logs, rising, and takes what is for them once somebody else
    /// has brought them; until this changes, or the connection ends.
    case unknown([LogID])
    case ephemeral(Ephemeral)
    /// All that the other end has of the page is stored.
    case pageArrived(PageRequest)
    /// This end could not store or read; the connection ends with it.
    case failed(any Error)
}
