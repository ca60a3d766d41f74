package import FikaCRDT
package import FikaLog
package import FikaWire

/// Positions of ops that the receiver has, or is told apart: the relay's ack.
package struct Placed: Hashable, Sendable {
    package var log: LogID
    package var placements: [Placement]

    package init(log: LogID, placements: [Placement]) {
        self.log = log
        self.placements = placements
    }
}

extension Placed: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(log: try reader.readIdentifier(), placements: try reader.readPlacements())
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(placements: placements)
    }
}
