/// What became of one op (rules M2 and M3).
package enum ModelOutcome: String, Hashable, Sendable, CaseIterable {
    /// Void ops and introductions, which say nothing about the chat.
    case silent
    case counts
    /// It counts, and another op stands for it or is the same line (rules M23 and M24).
    case alias
    /// Its introduction, target, basis, run or close is not there yet.
    case waiting
    /// Malformed, or not allowed.
    case ignored
    /// Of a kind that is not in the table.
    case unsupported
    /// Beyond a close.
    case setAside
}
