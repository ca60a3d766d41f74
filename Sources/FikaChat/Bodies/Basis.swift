package import FikaCRDT
import FikaLog
package import FikaWire

/// Under which setting somebody acted on a poll (rule M13).
package enum Basis: OpBody {
    /// As the one who made the poll.
    case creator
    /// Under the settings of the poll op itself.
    case poll
    /// Under what this setting op says.
    case setting(Dot)

    package init(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let byte = try reader.readByte()
        switch byte {
        case 0: self = .creator
        case 1: self = .poll
        case 2: self = .setting(try reader.readDot())
        default: throw .unknownValue(offset: start, value: UInt64(byte))
        }
    }

    package func encode(to writer: inout ByteWriter) {
        switch self {
        case .creator: writer.write(byte: 0)
        case .poll: writer.write(byte: 1)
        case .setting(let dot):
            writer.write(byte: 2)
            writer.write(dot: dot)
        }
    }
}
