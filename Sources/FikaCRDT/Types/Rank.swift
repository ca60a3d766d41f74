/// A place in an ordered list: a fraction between 0 and 1, between any two of which lies another.
///
/// The bytes are the digits behind the point, base 256; the last one is not 0, so a fraction has
/// one form. Nothing ever has to be numbered again.
///
/// Growth: at the two ends of a list ranks count up or down in a field that widens when it is
/// full: 32,000 additions take two bytes, eight million four, and each byte more lasts for sixteen
/// million. Between two ranks each insertion takes the middle, so n that fall within ever the same
/// gap take about n bits, n / 7 bytes at most, and less cannot be had: each halves what is left.
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
        case (let lower?, nil): Rank(digits: above(lower.bytes))
        case (nil, let upper?): Rank(digits: below(upper.bytes))
        case (let lower?, let upper?): Rank(digits: inside(lower.bytes, upper.bytes))
        }
    }

    private static func inside(_ lower: [UInt8], _ upper: [UInt8]) -> [UInt8] {
        precondition(lower.lexicographicallyPrecedes(upper), "there is nothing between the ranks")
        var digits: [UInt8] = []
        for (index, high) in upper.enumerated() {
            let low = index < lower.count ? lower[index] : 0
            if high == low {
                digits.append(low)
            } else if high - low > 1 {
                return digits + [low + (high - low) / 2]
            } else {
                return digits + [low] + halfway(above: lower.dropFirst(index + 1))
            }
        }
        preconditionFailure("the upper rank ends in 0")
    }

    /// The middle between the digits and 1.
    private static func halfway(above digits: ArraySlice<UInt8>) -> [UInt8] {
        let full = digits.prefix { $0 == 0xFF }
        let next = digits.dropFirst(full.count).first ?? 0
        return full + [next + (0xFF - next) / 2 + 1]
    }

    /// Counts up by one.
    private static func above(_ digits: [UInt8]) -> [UInt8] {
        var field = field(of: digits, pastLeading: 0xFF)
        var index = field.count - 1
        while field[index] == 0xFF {
            field[index] = 0
            index -= 1
        }
        field[index] += 1
        return field
    }

    /// Counts down by one.
    private static func below(_ digits: [UInt8]) -> [UInt8] {
        var field = field(of: digits, pastLeading: 0)
        var index = field.count - 1
        while field[index] == 0 {
            field[index] = 0xFF
            index -= 1
        }
        field[index] -= 1
        return field
    }

    /// The first digits, filled up with zeros: those that lead with `full`, and some more.
    ///
    /// At least two digits come after the leading ones, of which the first is not `full`: counting
    /// never runs over, and never down to 0.
    private static func field(of digits: [UInt8], pastLeading full: UInt8) -> [UInt8] {
        let leading = digits.prefix { $0 == full }.count
        let width = min(2 * leading + 2, leading + 4)
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
