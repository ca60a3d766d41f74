package import FikaCRDT
import FikaLog
package import FikaWire

/// The body of a flag that a user sets on a log, for that user alone.
package struct LogFlag: OpBody {
    /// Which flag it is; the raw value is the byte in the format.
    package enum Name: UInt8, Sendable, CaseIterable {
        case sticky = 1
        case muted = 2
        case hidden = 3
    }

    package let log: LogID
    package let name: Name
    package let isOn: Bool

    package init(log: LogID, name: Name, isOn: Bool) {
        self.log = log
        self.name = name
        self.isOn = isOn
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        log = try reader.readIdentifier()
        name = try reader.readCase(Name.self)
        isOn = try reader.readBool()
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(byte: name.rawValue)
        writer.write(bool: isOn)
    }
}
