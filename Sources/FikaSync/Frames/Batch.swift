package import FikaCRDT
package import FikaLog
package import FikaWire

/// Ops in a sealed segment, and which positions they have.
package struct Batch: Hashable, Sendable {
    package var log: LogID
    /// Of ops in the segment or of others; empty from a client, unless it fills a relay's order.
    package var placements: [Placement]
    /// `SealedSegment.bytes`.
    package var segment: [UInt8]

    package init(log: LogID, placements: [Placement], segment: [UInt8]) {
        self.log = log
        self.placements = placements
        self.segment = segment
    }
}

extension Batch: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            log: try reader.readIdentifier(), placements: try reader.readPlacements(),
            segment: try reader.readRemaining(limit: Limits.frameBytesMaximum))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(placements: placements)
    }

    package var rest: [UInt8] { segment }
}
