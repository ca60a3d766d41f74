package import FikaLog

/// One emoji below a row and who stands behind it (rule M8).
package struct ReactionState: Hashable, Sendable {
    package var emoji: String
    /// Rising, none twice, never empty.
    package var users: [UserID]

    package init(emoji: String, users: [UserID]) {
        self.emoji = emoji
        self.users = users
    }
}

extension ReactionState: Comparable {
    /// The order in which reactions are shown: by the emoji's bytes.
    package static func < (left: ReactionState, right: ReactionState) -> Bool {
        left.emoji.utf8.lexicographicallyPrecedes(right.emoji.utf8)
    }
}
