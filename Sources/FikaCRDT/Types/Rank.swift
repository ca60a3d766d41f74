/// A place in an ordered list: a fraction between 0 and 1, between any two of which lies another.
///
/// The bytes are the digits behind the point, base 256; the last one is not 0, so a fraction has one
/// form. Nothing ever has to be numbered again.
///
/// Growth: whoever keeps adding at one side of a place (the end of a list, or always just before
/// the same element) counts up or down in a field whose width doubles when it is full, so n ranks
/// take O(log n) bytes. Only alternating sides within ever the same gap costs a byte every few
/// insertions, as it must: n nested gaps need about n bits.
///
/// Source: Wallace, *Realtime Editing of Ordered Sequences*, Figma, 2017 (fractional indexing);
/// widening fields: Nédelec, Molli et al., *LSEQ*, 2013.
package struct Rank: Hashable, Sendable {
    /// At least one byte, the last of them not 0.
    package let bytes: [UInt8]

    /// The middle, for the first element of a list.
    package static let middle = Rank(digits: [0x80])

    /// Reads a rank; nil for no bytes at all or a last byte of 0.
    package init?(bytes: [UInt8]) {
        guard let last = bytes.last, last != 0 else { return nil }
        self.bytes = bytes
    }

    private init(digits: [UInt8]) {
        guard let last = digits.lastIndex(where: { $0 != 0 }) else {
            preconditionFailure("a rank is above 0")
        }
        bytes = Array(digits[...last])
    }

    /// Returns a rank above the lower and below the upper one; nil stands for an end of the list.
    package static func between(_ lower: Rank?, _ upper: Rank?) -> Rank {
        switch (lower, upper) {
        case (nil, nil): middle
        case (let lower?, nil): Rank(digits: above(lower.bytes[...]))
        case (nil, let upper?): Rank(digits: below(upper.bytes[...]))
        case (let lower?, let upper?): Rank(digits: inside(lower.bytes, upper.bytes))
        }
    }

    private static func inside(_ lower: [UInt8], _ upper: [UInt8]) -> [UInt8] {
        precondition(lower.lexicographicallyPrecedes(upper), "there is nothing between the ranks")
        let shared = zip(lower, upper).prefix { $0 == $1 }.count
        let prefix = Array(upper[..<shared])
        guard shared < lower.count else { return prefix + below(upper[shared...]) }
        let (low, high) = (lower[shared], upper[shared])
        if high - low >= 2 { return prefix + [low + (high - low) / 2] }
        return prefix + [low] + above(lower[(shared + 1)...])
    }

    /// Counts up by one in a field of two bytes, of four once the first is full, and so on.
    private static func above(_ digits: ArraySlice<UInt8>) -> [UInt8] {
        guard !digits.isEmpty else { return middle.bytes }
        var field = field(of: digits, pastLeading: 0xFF)
        var index = field.count - 1
        while field[index] == 0xFF {
            field[index] = 0
            index -= 1
        }
        field[index] += 1
        return field
    }

    /// Counts down by one in a field of two bytes, of four once the first is used up, and so on.
    private static func below(_ digits: ArraySlice<UInt8>) -> [UInt8] {
        var field = field(of: digits, pastLeading: 0)
        var index = field.count - 1
        while field[index] == 0 {
            field[index] = 0xFF
            index -= 1
        }
        field[index] -= 1
        return field
    }

    /// The first digits, filled up with zeros: twice as many as lead with `full`, and two more.
    ///
    /// So at least one digit of the field is not `full`, and counting never runs over.
    private static func field(of digits: ArraySlice<UInt8>, pastLeading full: UInt8) -> [UInt8] {
        let width = 2 * (digits.prefix { $0 == full }.count + 1)
        let held = digits.prefix(width)
        return held + [UInt8](repeating: 0, count: width - held.count)
    }
}

extension Rank: Comparable {
    package static func < (left: Self, right: Self) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Rank: CustomStringConvertible {
    /// The bytes in hexadecimal.
    package var description: String { Hexadecimal.text(bytes) }
}
