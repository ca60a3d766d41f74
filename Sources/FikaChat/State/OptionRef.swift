package import FikaCRDT

/// Names an option of a poll.
package enum OptionRef: Hashable, Sendable, BitwiseCopyable {
    /// The n-th option of the poll op itself, counted from 1.
    case own(Int)
    /// The op that added it.
    case added(Dot)
}

extension OptionRef: Comparable {
    /// The poll's own options come first, by number; then the added ones, by dot.
    package static func < (left: OptionRef, right: OptionRef) -> Bool {
        switch (left, right) {
        case (.own(let left), .own(let right)): left < right
        case (.added(let left), .added(let right)): left < right
        case (.own, .added): true
        case (.added, .own): false
        }
    }
}
