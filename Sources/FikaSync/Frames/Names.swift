package import FikaCRDT
import FikaLog
package import FikaWire

/// How a frame names a log or a replica: by the relay's number, or in full (rule B2).
package enum ShortName<Subject>: Hashable, Sendable {
    /// At least 1.
    case number(UInt64)
    case id(Identifier<Subject>)
}

/// The relay tells which numbers stand for a log and some of its replicas.
///
/// The numbers are the same on every connection of one epoch; each connection is told them before
/// they are used there.
package struct Names: Hashable, Sendable {
    package var log: LogID
    package var number: UInt64
    package var replicas: [ReplicaNumber]

    package struct ReplicaNumber: Hashable, Sendable {
        package var number: UInt64
        package var replica: ReplicaID

        package init(number: UInt64, replica: ReplicaID) {
            self.number = number
            self.replica = replica
        }
    }

    package init(log: LogID, number: UInt64, replicas: [ReplicaNumber]) {
        self.log = log
        self.number = number
        self.replicas = replicas
    }
}

extension Names: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            log: try reader.readIdentifier(), number: try reader.readNumber(),
            replicas: try reader.readItems(limit: Limits.namesMaximum))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(varint: number)
        writer.write(items: replicas)
    }
}

extension Names.ReplicaNumber: FrameItem {
    package static let leastByteCount = 17

    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(number: try reader.readNumber(), replica: try reader.readIdentifier())
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(varint: number)
        writer.write(bytes: replica.bytes)
    }
}

extension ShortName {
    package init(from reader: inout ByteReader) throws(WireError) {
        let number = try reader.readVarint()
        self = number == 0 ? .id(try reader.readIdentifier()) : .number(number)
    }

    package func encode(to writer: inout ByteWriter) {
        switch self {
        case .number(let number):
            writer.write(varint: number)
        case .id(let id):
            writer.write(varint: 0)
            writer.write(bytes: id.bytes)
        }
    }
}
