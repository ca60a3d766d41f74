import FikaWire
import Testing

@Suite struct ByteWriterTests {
    private func written(_ body: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter(reserving: 8)
        body(&writer)
        #expect(writer.count == writer.bytes.count)
        return writer.bytes
    }

    @Test func `fixed numbers are big-endian`() {
        #expect(written { $0.write(fixed16: 0x0102) } == [1, 2])
        #expect(written { $0.write(fixed64: 0x0102_0304_0506_0708) } == [1, 2, 3, 4, 5, 6, 7, 8])
    }

    @Test func `varints have seven bits a byte, lowest first`() {
        let pairs: [(UInt64, [UInt8])] = [
            (0, [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
            (16_383, [0xFF, 0x7F]), (16_384, [0x80, 0x80, 1]),
            (.max, [UInt8](repeating: 0xFF, count: 9) + [1]),
        ]
        for (value, bytes) in pairs { #expect(written { $0.write(varint: value) } == bytes) }
    }

    @Test func `a varint of n times seven bits takes n bytes`() {
        for count in 1...9 {
            let limit: UInt64 = 1 << UInt64(7 * count)
            #expect(written { $0.write(varint: limit - 1) }.count == count)
            #expect(written { $0.write(varint: limit) }.count == count + 1)
        }
    }

    @Test func `zigzag keeps small numbers of either sign short`() {
        let pairs: [(Int64, [UInt8])] = [
            (0, [0]), (-1, [1]), (1, [2]), (-2, [3]), (63, [126]), (-64, [127]), (64, [128, 1]),
            (.max, [0xFE] + [UInt8](repeating: 0xFF, count: 8) + [1]),
            (.min, [UInt8](repeating: 0xFF, count: 9) + [1]),
        ]
        for (value, bytes) in pairs { #expect(written { $0.write(zigzag: value) } == bytes) }
    }

    @Test func `texts and counted bytes have their length in bytes before them`() {
        #expect(written { $0.write(text: "hå") } == [3, 0x68, 0xC3, 0xA5])
        #expect(written { $0.write(text: "") } == [0])
        #expect(written { $0.write(counted: [7, 8]) } == [2, 7, 8])
        #expect(written { $0.write(bytes: [7, 8]) } == [7, 8])
        #expect(written { $0.write(counted: [UInt8](repeating: 9, count: 128)) }.count == 130)
    }
}
