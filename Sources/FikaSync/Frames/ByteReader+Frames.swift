import FikaCRDT
import FikaLog
import FikaWire

extension ByteReader {
    /// Reads a number that stands for a log or a replica.
    mutating func readNumber() throws(WireError) -> UInt64 {
        let start = offset
        let number = try readVarint()
        guard number > 0 else { throw .unknownValue(offset: start, value: number) }
        return number
    }

    mutating func readPosition() throws(WireError) -> UInt64 {
        let start = offset
        let position = try readVarint(maximum: Limits.positionMaximum)
        guard position > 0 else { throw .unknownValue(offset: start, value: position) }
        return position
    }

    /// Reads milliseconds since 1970 as far as a clock may show them.
    mutating func readTime() throws(WireError) -> UInt64 {
        try readVarint(maximum: HybridTime.millisecondsMaximum)
    }

    /// Reads milliseconds whose sign stands elsewhere; so 0 has none.
    mutating func readDifference(isNegative: Bool) throws(WireError) -> Int64 {
        let start = offset
        let milliseconds = Int64(try readTime())
        guard milliseconds > 0 || !isNegative else {
            throw .unknownValue(offset: start, value: 0)
        }
        return isNegative ? -milliseconds : milliseconds
    }

    mutating func readPublicKey() throws(WireError) -> PublicKey {
        let start = offset
        guard let key = PublicKey(bytes: try readBytes(32)) else {
            throw .truncated(offset: start)
        }
        return key
    }

    /// Reads a count of at most `limit`, then as many things.
    mutating func readItems<Item: FrameItem>(limit: Int) throws(WireError) -> [Item] {
        let count = try readVarint(limit: limit)
        try expectRoom(for: count, of: Item.leastByteCount)
        var items: [Item] = []
        items.reserveCapacity(count)
        for _ in 0..<count { items.append(try Item(from: &self)) }
        return items
    }

    /// Reads a range of seqs as its gap from the last seq read before and its length; 0 is before
    /// the first, and two ranges do not touch.
    mutating func readInterval(after last: UInt64) throws(WireError) -> ClosedRange<UInt64> {
        let start = offset
        let gap = try readVarint()
        guard gap >= (last == 0 ? 1 : 2) else { throw .unknownValue(offset: start, value: gap) }
        let extentStart = offset
        let extent = try readVarint()
        let room = Limits.seqMaximum - last
        guard gap <= room else {
            throw .aboveLimit(offset: start, value: gap, limit: room)
        }
        guard extent <= room - gap else {
            throw .aboveLimit(offset: extentStart, value: extent, limit: room - gap)
        }
        return last + gap...last + gap + extent
    }
}

extension ByteWriter {
    mutating func write(items: [some FrameItem]) {
        write(varint: UInt64(items.count))
        for item in items { item.encode(to: &self) }
    }

    mutating func write(interval: ClosedRange<UInt64>, after last: UInt64) {
        write(varint: interval.lowerBound - last)
        write(varint: interval.upperBound - interval.lowerBound)
    }
}
