/// Builds bytes: fixed big-endian numbers, varints, texts with their length before them.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(reserving capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    package var count: Int { bytes.count }

    package mutating func write(byte: UInt8) {
        bytes.append(byte)
    }

    package mutating func write(bytes more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
    }

    package mutating func write(fixed16 value: UInt16) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    package mutating func write(fixed64 value: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// Writes an unsigned LEB128 number: 7 bits a byte, lowest first, 1 to 10 bytes.
    package mutating func write(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a signed number as a zigzag varint, so that small ones of either sign are short.
    package mutating func write(zigzag value: Int64) {
        write(varint: UInt64(bitPattern: value << 1 ^ value >> 63))
    }

    /// Writes a varint count of bytes, then the bytes.
    package mutating func write(counted more: some Collection<UInt8>) {
        write(varint: UInt64(more.count))
        write(bytes: more)
    }

    /// Writes a varint count of UTF-8 bytes, then the text.
    package mutating func write(text: String) {
        write(counted: text.utf8)
    }
}
