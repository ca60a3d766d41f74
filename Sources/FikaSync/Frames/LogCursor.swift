package import FikaCRDT
package import FikaLog
package import FikaWire

/// How far a holder is in a log, short: the first 8 bytes of the running hash.
package struct LogCursor: Hashable, Sendable {
    package var log: LogID
    /// 0 when the holder has something of the log, but no cursor of this epoch.
    package var position: UInt64
    package var runningPrefix: UInt64

    package init(log: LogID, position: UInt64, runningPrefix: UInt64) {
        self.log = log
        self.position = position
        self.runningPrefix = runningPrefix
    }

    package init(log: LogID, cursor: Cursor) {
        self.init(
            log: log, position: cursor.position, runningPrefix: Self.prefix(cursor.running))
    }

    /// The first 8 bytes of a running hash.
    package static func prefix(_ running: Digest) -> UInt64 {
        running.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension LogCursor: FrameItem {
    package static let leastByteCount = 25

    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            log: try reader.readIdentifier(),
            position: try reader.readVarint(maximum: Limits.positionMaximum),
            runningPrefix: try reader.readFixed64())
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(varint: position)
        writer.write(fixed64: runningPrefix)
    }
}
