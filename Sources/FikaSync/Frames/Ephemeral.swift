package import FikaCRDT
package import FikaLog
package import FikaWire

/// What is fanned out and never logged: typing, presence, previews, ringing.
package struct Ephemeral: Hashable, Sendable {
    package enum Kind: UInt8, Sendable {
        case typing = 1
        case presence = 2
        case preview = 3
        case ringing = 4
    }

    package var log: LogID
    /// Who says so; the relay puts the connection's user here, whatever was sent.
    package var user: UserID
    package var kind: Kind
    /// Milliseconds until it lapses by itself; at most 120,000, 0 takes it back.
    package var timeToLive: UInt64
    /// At most 1024 bytes.
    package var body: [UInt8]

    package init(log: LogID, user: UserID, kind: Kind, timeToLive: UInt64, body: [UInt8] = []) {
        self.log = log
        self.user = user
        self.kind = kind
        self.timeToLive = timeToLive
        self.body = body
    }
}

extension Ephemeral: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            log: try reader.readIdentifier(), user: try reader.readUserID(),
            kind: try reader.readCase(Kind.self),
            timeToLive: try reader.readVarint(maximum: Limits.ephemeralMillisecondsMaximum),
            body: try reader.readRemaining(limit: Limits.ephemeralBytesMaximum))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(text: user.text)
        writer.write(byte: kind.rawValue)
        writer.write(varint: timeToLive)
    }

    package var rest: [UInt8] { body }
}
