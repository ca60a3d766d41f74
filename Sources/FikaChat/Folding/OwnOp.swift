package import FikaCRDT

/// An unsealed op of one's own, as folding sees it.
///
/// Ops that were re-homed are none: what they say may have been handed over before.
package struct OwnOp: Hashable, Sendable {
    package let dot: Dot
    package let content: ChatOp

    package init(dot: Dot, content: ChatOp) {
        self.dot = dot
        self.content = content
    }
}
