extension ByteReader {
    /// Reads a byte that is one of an enum's raw values.
    package mutating func readCase<Value: RawRepresentable<UInt8>>(
        _ type: Value.Type
    ) throws(WireError) -> Value {
        let start = offset
        let byte = try readByte()
        guard let value = Value(rawValue: byte) else {
            throw .unknownValue(offset: start, value: UInt64(byte))
        }
        return value
    }

    /// Reads a byte that is 0 or 1.
    package mutating func readBool() throws(WireError) -> Bool {
        let start = offset
        let byte = try readByte()
        guard byte <= 1 else { throw .unknownValue(offset: start, value: UInt64(byte)) }
        return byte == 1
    }

    /// Reads a varint from 1 to a limit.
    package mutating func readCount(limit: Int) throws(WireError) -> Int {
        let start = offset
        let count = try readVarint(limit: limit)
        guard count > 0 else { throw .unknownValue(offset: start, value: 0) }
        return count
    }

    /// Reads a varint that may be at most `maximum`.
    package mutating func readVarint(maximum: UInt64) throws(WireError) -> UInt64 {
        let start = offset
        let value = try readVarint()
        guard value <= maximum else {
            throw .aboveLimit(offset: start, value: value, limit: maximum)
        }
        return value
    }

    /// Reads all bytes that are left, of which there may be at most `limit`.
    package mutating func readRemaining(limit: Int) throws(WireError) -> [UInt8] {
        guard remaining <= limit else {
            throw .aboveLimit(offset: offset, value: UInt64(remaining), limit: UInt64(limit))
        }
        return try readBytes(remaining)
    }

    /// Throws when `count` things of at least `byteCount` bytes each cannot follow, so that no
    /// room is made for things that are not there.
    package func expectRoom(for count: Int, of byteCount: Int) throws(WireError) {
        guard count <= remaining / byteCount else { throw .truncated(offset: offset) }
    }
}

extension ByteWriter {
    package mutating func write(bool: Bool) {
        write(byte: bool ? 1 : 0)
    }
}
