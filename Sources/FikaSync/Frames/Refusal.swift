package import FikaCRDT
import FikaLog
package import FikaWire

/// The relay's answer to ops that it does not place.
package struct Refusal: Hashable, Sendable {
    package enum Action: UInt8, Sendable {
        /// Permanent; the close that says so is in the log.
        case closed = 0
        /// Permanent, of a replica of which nothing was accepted: no close.
        case refused = 1
        /// Ops before `seq` are missing; they are to be sent first.
        case missing = 2
        /// Later, after `retryAfter`.
        case wait = 3
    }

    package var log: LogID
    package var replica: ReplicaID
    /// The first op that is refused, or that is missing.
    package var seq: UInt64
    package var action: Action
    /// A close's reason (`Specs/kinds.md`); with `wait` `unknownLog` or 0, with `missing` 0.
    package var reason: UInt8
    /// The last seq of the replica that is accepted; 0 when none is.
    package var accepted: UInt64
    /// Milliseconds.
    package var retryAfter: UInt64

    /// The reason of a `wait` for somebody else, who has to bring the log.
    package static let unknownLog: UInt8 = 1

    package init(
        log: LogID, replica: ReplicaID, seq: UInt64, action: Action, reason: UInt8 = 0,
        accepted: UInt64, retryAfter: UInt64 = 0
    ) {
        self.log = log
        self.replica = replica
        self.seq = seq
        self.action = action
        self.reason = reason
        self.accepted = accepted
        self.retryAfter = retryAfter
    }
}

extension Refusal: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            log: try reader.readIdentifier(), replica: try reader.readIdentifier(),
            seq: try reader.readSeq(), action: try reader.readCase(Action.self),
            reason: try reader.readByte(),
            accepted: try reader.readVarint(maximum: Limits.seqMaximum),
            retryAfter: try reader.readVarint(maximum: Limits.retryMillisecondsMaximum))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(bytes: replica.bytes)
        writer.write(varint: seq)
        writer.write(byte: action.rawValue)
        writer.write(byte: reason)
        writer.write(varint: accepted)
        writer.write(varint: retryAfter)
    }
}
