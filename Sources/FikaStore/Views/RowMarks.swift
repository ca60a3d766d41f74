/// What a row has beside itself, so that a page asks other tables only where there is something.
package struct RowMarks: OptionSet, Hashable, Sendable, BitwiseCopyable {
    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static let deleted = RowMarks(rawValue: 1)
    /// A delete of it is final: what is aimed at it is to be erased.
    package static let doomed = RowMarks(rawValue: 2)
    package static let hasReactions = RowMarks(rawValue: 4)
    package static let hasPins = RowMarks(rawValue: 8)
    package static let hasMentions = RowMarks(rawValue: 16)
    /// Other ops stand for it or are the same line.
    package static let hasAliases = RowMarks(rawValue: 32)
}
