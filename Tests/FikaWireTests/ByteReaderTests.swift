import FikaWire
import Testing

@Suite struct ByteReaderTests {
    private func varint(_ bytes: [UInt8]) throws(WireError) -> UInt64 {
        var reader = ByteReader(bytes.span.bytes)
        return try reader.readVarint()
    }

    private func varint(_ bytes: [UInt8], limit: Int) throws(WireError) -> Int {
        var reader = ByteReader(bytes.span.bytes)
        return try reader.readVarint(limit: limit)
    }

    private func text(_ bytes: [UInt8], limit: Int = 100) throws(WireError) -> String {
        var reader = ByteReader(bytes.span.bytes)
        return try reader.readText(limit: limit)
    }

    private func counted(_ bytes: [UInt8], limit: Int) throws(WireError) -> [UInt8] {
        var reader = ByteReader(bytes.span.bytes)
        return try reader.readCounted(limit: limit)
    }

    private func taken(_ bytes: [UInt8], count: Int) throws(WireError) -> [UInt8] {
        var reader = ByteReader(bytes.span.bytes)
        return try reader.readBytes(count)
    }

    @Test func `a varint that is not in its shortest form is refused`() {
        for zeros in 0...8 {
            let bytes = [0x81] + [UInt8](repeating: 0x80, count: zeros) + [0]
            #expect(throws: WireError.malformedVarint(offset: 0)) { try varint(bytes) }
        }
        #expect(throws: WireError.malformedVarint(offset: 0)) { try varint([0x80, 0]) }
        #expect(throws: WireError.malformedVarint(offset: 0)) { try varint([0xFF, 0x80, 0]) }
    }

    @Test func `a varint ends at 2^64 - 1 and at ten bytes`() throws {
        let nine = [UInt8](repeating: 0xFF, count: 9)
        #expect(try varint(nine + [1]) == .max)
        for last: UInt8 in [0, 2, 3, 0x7F, 0x80, 0x81, 0xFF] {
            #expect(throws: WireError.malformedVarint(offset: 0)) { try varint(nine + [last]) }
            #expect(throws: WireError.malformedVarint(offset: 0)) { try varint(nine + [last, 1]) }
        }
    }

    @Test func `a truncated varint names the offset`() {
        for count in 0...9 {
            #expect(throws: WireError.truncated(offset: count)) {
                try varint([UInt8](repeating: 0x80, count: count))
            }
        }
    }

    @Test func `every two-byte form is one number or refused`() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                guard let value = try? varint([first, second]) else { continue }
                var writer = ByteWriter()
                writer.write(varint: value)
                let isShort = first < 0x80
                if writer.bytes != (isShort ? [first] : [first, second]) {
                    Issue.record("\(first) \(second) is read as \(value)")
                }
            }
        }
    }

    @Test func `a limit lets through what is at it and nothing above`() throws {
        #expect(try varint([0x7F], limit: 127) == 127)
        #expect(try varint([0], limit: 0) == 0)
        #expect(throws: WireError.aboveLimit(offset: 0, value: 128, limit: 127)) {
            try varint([0x80, 1], limit: 127)
        }
        #expect(throws: WireError.aboveLimit(offset: 0, value: .max, limit: UInt64(Int.max))) {
            try varint([UInt8](repeating: 0xFF, count: 9) + [1], limit: .max)
        }
        #expect(try counted([3, 7, 8, 9], limit: 3) == [7, 8, 9])
        #expect(throws: WireError.aboveLimit(offset: 0, value: 3, limit: 2)) {
            try counted([3, 7, 8, 9], limit: 2)
        }
        #expect(try text([2, 0xC3, 0xA5], limit: 2) == "å")
        #expect(throws: WireError.aboveLimit(offset: 0, value: 2, limit: 1)) {
            try text([2, 0xC3, 0xA5], limit: 1)
        }
    }

    @Test func `a length that lies is refused before anything is allocated`() {
        // 2^62 bytes could never be reserved: the process would end.
        let lie: [UInt8] = [UInt8](repeating: 0x80, count: 8) + [0x40, 1, 2, 3]
        #expect(throws: WireError.truncated(offset: 9)) { try counted(lie, limit: .max) }
        #expect(throws: WireError.truncated(offset: 9)) { try text(lie, limit: .max) }
        #expect(throws: WireError.truncated(offset: 0)) { try taken([1, 2], count: .max) }
        #expect(throws: WireError.truncated(offset: 0)) { try taken([1, 2], count: 3) }
        #expect(throws: WireError.truncated(offset: 0)) { try taken([1, 2], count: -1) }
        #expect(throws: WireError.truncated(offset: 0)) { try taken([1, 2], count: .min) }
    }

    @Test func `text is valid UTF-8 or refused, never mended`() throws {
        let wrong: [[UInt8]] = [
            [0x80], [0xC3], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0x61, 0xE2, 0x82],
        ]
        for bytes in wrong {
            #expect(throws: WireError.malformedText(offset: 1)) {
                try text([UInt8(bytes.count)] + bytes)
            }
        }
        let kept = "\u{FEFF}e\u{301}\u{0}\r\n"
        let read = try text([UInt8(kept.utf8.count)] + kept.utf8)
        #expect(Array(read.utf8) == Array(kept.utf8))
    }

    @Test func `a part knows where it lies in the whole, and does not see past its end`() throws {
        let bytes: [UInt8] = [9, 1, 2, 3, 8]
        var whole = ByteReader(bytes.span.bytes)
        let first = try whole.readByte()
        var part = try whole.take(3)
        let (offset, remaining) = (part.offset, part.remaining)
        let skipped = try part.readBytes(2)
        var inner = try part.take(1)
        let third = try inner.readByte()
        let atEnd = inner.isAtEnd
        var past: WireError?
        do throws(WireError) { _ = try inner.readByte() } catch { past = error }
        let last = try whole.readByte()
        try whole.expectEnd()
        #expect((first, offset, remaining, third, last) == (9, 1, 3, 3, 8))
        #expect(skipped == [1, 2])
        #expect(atEnd)
        #expect(past == .truncated(offset: 4))
    }

    @Test func `a failed read of a part leaves the reader where it was`() throws {
        let bytes: [UInt8] = [1, 2]
        var reader = ByteReader(bytes.span.bytes)
        for count in [3, .max, -1, .min] where (try? reader.readBytes(count)) != nil {
            Issue.record("read \(count) of 2 bytes")
        }
        if (try? reader.readFixed16()) != 0x0102 { Issue.record("the reader has moved") }
        if (try? reader.readFixed16()) != nil { Issue.record("read past the end") }
        let offset = reader.offset
        #expect(offset == 2)
    }
}
