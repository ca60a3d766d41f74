import FikaLog
package import FikaWire

/// The body of an import run's second op: where its ops are from (rule M23).
package struct ImportRun: OpBody {
    /// As "irc".
    package let source: String
    package let channel: String

    package init(source: String, channel: String) {
        self.source = source
        self.channel = channel
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        source = try reader.readText(limit: Limits.nameBytesMaximum)
        channel = try reader.readText(limit: Limits.nameBytesMaximum)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(text: source)
        writer.write(text: channel)
    }
}
