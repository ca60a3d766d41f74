import FikaSimulation
import FikaTestSupport
import FikaWire

/// One thing that a writer writes and a reader reads.
enum Token: Hashable {
    case byte(UInt8)
    case fixed16(UInt16)
    case fixed64(UInt64)
    case varint(UInt64)
    case zigzag(Int64)
    case bytes([UInt8])
    case counted([UInt8])
    /// As UTF-8: two texts may be equal to `String` and differ in bytes.
    case text([UInt8])

    static func draw(_ generator: inout SplitMix64) -> Token {
        let number = generator.magnitude()
        return switch generator.number(in: 0..<8) {
        case 0: .byte(UInt8(truncatingIfNeeded: number))
        case 1: .fixed16(UInt16(truncatingIfNeeded: number))
        case 2: .fixed64(number)
        case 3: .varint(number)
        case 4: .zigzag(Int64(bitPattern: generator.bool() ? number : ~number))
        case 5: .bytes(generator.bytes(count: 0...9))
        case 6: .counted(generator.bytes(count: 0...200))
        default: .text(Array(generator.text().utf8))
        }
    }

    static func write(_ tokens: [Token]) -> [UInt8] {
        var writer = ByteWriter()
        for token in tokens {
            switch token {
            case .byte(let value): writer.write(byte: value)
            case .fixed16(let value): writer.write(fixed16: value)
            case .fixed64(let value): writer.write(fixed64: value)
            case .varint(let value): writer.write(varint: value)
            case .zigzag(let value): writer.write(zigzag: value)
            case .bytes(let value): writer.write(bytes: value)
            case .counted(let value): writer.write(counted: value)
            case .text(let value): writer.write(text: String(decoding: value, as: UTF8.self))
            }
        }
        return writer.bytes
    }

    /// Reads tokens of the same kinds, up to the end of the bytes.
    static func read(_ bytes: [UInt8], like tokens: [Token]) throws(WireError) -> [Token] {
        var reader = ByteReader(bytes.span.bytes)
        var result: [Token] = []
        for token in tokens { result.append(try token.readLike(&reader)) }
        try reader.expectEnd()
        return result
    }

    private func readLike(_ reader: inout ByteReader) throws(WireError) -> Token {
        switch self {
        case .byte: .byte(try reader.readByte())
        case .fixed16: .fixed16(try reader.readFixed16())
        case .fixed64: .fixed64(try reader.readFixed64())
        case .varint: .varint(try reader.readVarint())
        case .zigzag: .zigzag(try reader.readZigzag())
        case .bytes(let value): .bytes(try reader.readBytes(value.count))
        case .counted: .counted(try reader.readCounted(limit: 200))
        case .text: .text(Array(try reader.readText(limit: 1000).utf8))
        }
    }
}
