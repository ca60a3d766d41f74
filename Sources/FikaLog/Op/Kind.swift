/// The number of an op's kind; `Specs/kinds.md` is the table.
///
/// The log knows ``void`` and ``introduction``. All others are the chat's; an unknown one
/// is kept and handed on (rule O1).
package struct Kind: Hashable, Sendable, BitwiseCopyable {
    package let number: UInt16

    package init(_ number: UInt16) {
        self.number = number
    }

    /// What is left of an op that was emptied before it was sealed: no body, no target.
    package static let void = Kind(0)
    /// The first op of each replica: who it is.
    package static let introduction = Kind(1)
    /// By a relay: beyond a seq nothing of a replica counts, and its author goes on as another.
    package static let close = Kind(6)
}

extension Kind: Comparable {
    package static func < (left: Kind, right: Kind) -> Bool { left.number < right.number }
}
