import FikaLog

/// Finds who is meant in a text: `@` and a member's name, at the beginning of a word.
enum Mentions {
    /// Returns the members that a text mentions; of names that begin alike the longest is meant.
    static func users(in text: String, members: [UserID]) -> [UserID] {
        let longestFirst = members.sorted { $0.text.utf8.count > $1.text.utf8.count }
        var found: Set<UserID> = []
        var index = text.startIndex
        var before: Character = " "
        while index < text.endIndex {
            let character = text[index]
            index = text.index(after: index)
            if character == "@", !before.isLetter, !before.isNumber {
                let rest = text[index...]
                if let user = longestFirst.first(where: { isNamed($0, at: rest) }) {
                    found.insert(user)
                }
            }
            before = character
        }
        return found.sorted()
    }

    private static func isNamed(_ user: UserID, at rest: Substring) -> Bool {
        guard rest.hasPrefix(user.text) else { return false }
        let after = rest.dropFirst(user.text.count).first
        return after.map { !$0.isLetter && !$0.isNumber } ?? true
    }
}
