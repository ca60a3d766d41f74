package import FikaCRDT
package import FikaLog

extension AccessHistory {
    /// Judges a content op at its own point (rules F8 and F9); nil when its author may.
    ///
    /// - Parameters:
    ///   - kind: The op's kind.
    ///   - dot: The op, or the copy as which it is re-homed.
    ///   - user: Whose device wrote it.
    ///   - point: Where it is judged.
    ///   - rowAuthor: Whose row an edit or delete aims at.
    /// - Returns: The reason why not, or nil.
    package func refusal(
        of kind: ChatKind, _ dot: Dot, by user: UserID, at point: AccessPoint,
        rowAuthor: UserID? = nil
    ) -> ContentRefusal? {
        if isBeyondClose(dot, at: point) { return .beyondClose }
        return Permissions.refusal(
            of: kind, by: user, as: role(of: user, at: point), in: self.kind,
            rowAuthor: rowAuthor)
    }
}
