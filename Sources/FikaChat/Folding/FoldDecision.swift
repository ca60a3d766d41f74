package import FikaCRDT

/// What to do with a new own op, seeing what is still unsealed (rule O3).
package enum FoldDecision: Hashable, Sendable {
    /// Write it as an op.
    case append
    /// Write no op: give this unsealed one the new op's body.
    case replaceBody(of: Dot)
    /// Write no op: empty these, rising; nothing of them ever leaves.
    case void([Dot])
    /// Empty these, rising, and write the new op: it says all that they said.
    case replace([Dot])
}
