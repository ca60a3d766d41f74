/// Reads bytes that somebody handed over: it never traps, never copies more than it returns, and
/// checks each limit before it allocates.
package struct ByteReader: ~Escapable {
    private let bytes: RawSpan
    /// Where the first byte of this reader lies in what it was taken from.
    private let base: Int
    private var position = 0

    @_lifetime(copy bytes)
    package init(_ bytes: RawSpan) {
        self.init(bytes, base: 0)
    }

    @_lifetime(copy bytes)
    private init(_ bytes: RawSpan, base: Int) {
        self.bytes = bytes
        self.base = base
    }

    /// Where the next byte lies, counted from the start of the whole.
    package var offset: Int { base + position }

    package var remaining: Int { bytes.byteCount - position }

    package var isAtEnd: Bool { remaining == 0 }

    package mutating func readByte() throws(WireError) -> UInt8 {
        guard position < bytes.byteCount else { throw .truncated(offset: offset) }
        let byte = unsafe bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
        position += 1
        return byte
    }

    package mutating func readFixed16() throws(WireError) -> UInt16 {
        guard remaining >= 2 else { throw .truncated(offset: offset) }
        let value = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: position, as: UInt16.self)
        position += 2
        return UInt16(bigEndian: value)
    }

    package mutating func readFixed64() throws(WireError) -> UInt64 {
        guard remaining >= 8 else { throw .truncated(offset: offset) }
        let value = unsafe bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: position, as: UInt64.self)
        position += 8
        return UInt64(bigEndian: value)
    }

    /// Reads an unsigned LEB128 number in its shortest form.
    package mutating func readVarint() throws(WireError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try readByte()
            if shift == 63, byte > 1 { throw .malformedVarint(offset: start) }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw .malformedVarint(offset: start) }
                return value
            }
            shift += 7
            if shift > 63 { throw .malformedVarint(offset: start) }
        }
    }

    /// Reads a varint that may be at most `limit`.
    package mutating func readVarint(limit: Int) throws(WireError) -> Int {
        let start = offset
        let value = try readVarint()
        guard value <= UInt64(limit) else {
            throw .aboveLimit(offset: start, value: value, limit: UInt64(limit))
        }
        return Int(value)
    }

    package mutating func readZigzag() throws(WireError) -> Int64 {
        let value = try readVarint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// Returns a reader of the next `count` bytes and steps over them.
    @_lifetime(copy self)
    package mutating func take(_ count: Int) throws(WireError) -> ByteReader {
        guard count >= 0, count <= remaining else { throw .truncated(offset: offset) }
        let part = ByteReader(bytes.extracting(position..<position + count), base: offset)
        position += count
        return part
    }

    package mutating func readBytes(_ count: Int) throws(WireError) -> [UInt8] {
        guard count >= 0, count <= remaining else { throw .truncated(offset: offset) }
        let part = bytes.extracting(position..<position + count)
        position += count
        return unsafe part.withUnsafeBytes { unsafe Array($0) }
    }

    /// Reads a varint count of at most `limit` bytes, then the bytes.
    package mutating func readCounted(limit: Int) throws(WireError) -> [UInt8] {
        let count = try readVarint(limit: limit)
        return try readBytes(count)
    }

    /// Reads a varint count of at most `limit` bytes, then as many of valid UTF-8.
    package mutating func readText(limit: Int) throws(WireError) -> String {
        let count = try readVarint(limit: limit)
        return try readText(exactly: count)
    }

    /// Reads exactly `count` bytes of valid UTF-8.
    package mutating func readText(exactly count: Int) throws(WireError) -> String {
        let start = offset
        guard count >= 0, count <= remaining else { throw .truncated(offset: offset) }
        let part = bytes.extracting(position..<position + count)
        position += count
        let text = unsafe part.withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
        guard let text else { throw .malformedText(offset: start) }
        return text
    }

    /// Throws when bytes are left over.
    package func expectEnd() throws(WireError) {
        guard isAtEnd else { throw .trailingBytes(offset: offset) }
    }
}
