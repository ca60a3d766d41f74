package import FikaCRDT
import FikaLog
package import FikaWire

/// The relay says what will become of a log on this connection.
package struct LogStatus: Hashable, Sendable {
    package enum State: UInt8, Sendable {
        /// What is after `from` up to `position` follows, then whatever is new.
        case follows = 0
        /// The relay holds nothing of it.
        case unknown = 1
        /// The cursor is of no use: both send what they have.
        case compare = 2
        /// The user may not read it any more: it ended at `position`.
        case ended = 3
    }

    package var log: LogID
    package var state: State
    package var from: UInt64
    package var position: UInt64

    package init(log: LogID, state: State, from: UInt64 = 0, position: UInt64 = 0) {
        self.log = log
        self.state = state
        self.from = from
        self.position = position
    }
}

extension LogStatus: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            log: try reader.readIdentifier(), state: try reader.readCase(State.self),
            from: try reader.readVarint(maximum: Limits.positionMaximum),
            position: try reader.readVarint(maximum: Limits.positionMaximum))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(byte: state.rawValue)
        writer.write(varint: from)
        writer.write(varint: position)
    }
}
