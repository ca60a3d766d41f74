/// What became of an op that does not count as itself; the raw value is what the views store.
package enum Outcome: Int64, Hashable, Sendable, CaseIterable {
    /// Its introduction, target, basis, run or close is not there yet.
    case waiting = 1
    /// Malformed, or not allowed.
    case ignored = 2
    /// Of a kind that this version does not know.
    case unsupported = 3
    /// Beyond a close.
    case setAside = 4
}
