package import FikaCRDT

/// An op of a kind that is folded into who may, with what is needed to judge it.
package struct AccessOp: Hashable, Sendable {
    package let point: AccessPoint
    package let dot: Dot
    package let author: AccessAuthor
    /// A create, grant, revoke, leave or close.
    package let content: ChatOp
    /// Of a close: whether the closed replica's ops 1...seq are all held and give another chain
    /// value than the close names: another branch of a forked replica.
    package let closesOtherBranch: Bool

    package init(
        point: AccessPoint, dot: Dot, author: AccessAuthor, content: ChatOp,
        closesOtherBranch: Bool = false
    ) {
        precondition(
            content.known?.flags.contains(.access) ?? false, "only access ops are folded")
        self.point = point
        self.dot = dot
        self.author = author
        self.content = content
        self.closesOtherBranch = closesOtherBranch
    }

    var order: AccessOrder { AccessOrder(point: point, dot: dot) }
}
