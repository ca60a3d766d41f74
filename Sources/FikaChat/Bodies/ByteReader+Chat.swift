import FikaLog
package import FikaWire

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

    /// Reads a varint count from 1 to a limit.
    package mutating func readCount(limit: Int) throws(WireError) -> Int {
        let start = offset
        let count = try readVarint(limit: limit)
        guard count > 0 else { throw .unknownValue(offset: start, value: 0) }
        return count
    }

    /// Reads all bytes that are left as text.
    package mutating func readRest(limit: Int) throws(WireError) -> String {
        guard remaining <= limit else {
            throw .aboveLimit(offset: offset, value: UInt64(remaining), limit: UInt64(limit))
        }
        return try readText(exactly: remaining)
    }

    /// Reads a counted text that people wrote.
    package mutating func readLongText() throws(WireError) -> String {
        try readText(limit: Limits.textBytesMaximum)
    }
}

extension ByteWriter {
    package mutating func write(bool: Bool) {
        write(byte: bool ? 1 : 0)
    }
}
