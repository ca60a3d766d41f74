import FikaLog
package import FikaWire

extension OptionRef: OpBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        let number = try reader.readVarint(limit: Limits.pollOptionsMaximum)
        self = number == 0 ? .added(try reader.readDot()) : .own(number)
    }

    package func encode(to writer: inout ByteWriter) {
        switch self {
        case .own(let number):
            writer.write(varint: UInt64(number))
        case .added(let dot):
            writer.write(byte: 0)
            writer.write(dot: dot)
        }
    }
}
