package import FikaCRDT

/// An option as the ops that count leave it, before equal ones are shown as one.
package struct PollOption: Hashable, Sendable {
    package let option: OptionRef
    /// Empty: after all ranks.
    package let rank: [UInt8]
    /// The write that made it: the poll op's or the option-add op's.
    package let write: Write
    /// What stands after all option-text ops.
    package var text: String
    package var isRemoved: Bool

    /// Creates an option that an op added.
    package init(
        added dot: Dot, rank: [UInt8], write: Write, text: String, isRemoved: Bool = false
    ) {
        option = .added(dot)
        self.rank = rank
        self.write = write
        self.text = text
        self.isRemoved = isRemoved
    }

    /// Creates the poll op's n-th option, counted from 1; it has the rank n × 256.
    package init(own number: Int, write: Write, text: String, isRemoved: Bool = false) {
        option = .own(number)
        rank = [UInt8(truncatingIfNeeded: number), 0]
        self.write = write
        self.text = text
        self.isRemoved = isRemoved
    }

    /// The order of rule M14.
    package static func precedes(_ left: PollOption, _ right: PollOption) -> Bool {
        if left.rank.isEmpty != right.rank.isEmpty { return right.rank.isEmpty }
        if left.rank != right.rank { return left.rank.lexicographicallyPrecedes(right.rank) }
        if left.write != right.write { return left.write < right.write }
        return left.option < right.option
    }
}
