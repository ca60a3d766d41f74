import FikaWire

/// The constants of an export file; `Specs/export.md` has the byte table.
enum ExportFormat {
    static let magic = Array("FIKAEXP1".utf8)
    static let headBytes = 24
    static let checksumBytes = 32

    /// The shortest form of a number, as it stands before each segment.
    static func varint(_ value: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(varint: UInt64(value))
        return writer.bytes
    }
}
