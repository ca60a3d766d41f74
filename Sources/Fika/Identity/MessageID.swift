package import FikaCRDT

/// Names a message, a poll or another row of a timeline, for life.
public struct MessageID: Hashable, Sendable, CustomStringConvertible {
    package let op: OpID

    package init(_ op: OpID) {
        self.op = op
    }

    package init(_ log: LogID, _ dot: Dot) {
        op = OpID(log: log, dot: dot)
    }

    /// Reads `room/writer:number`; nil for anything else.
    public init?(_ text: String) {
        guard let op = OpID(text) else { return nil }
        self.op = op
    }

    /// The room it is in.
    public var room: RoomID { RoomID(op.log) }

    /// `room/writer:number`, room and writer in hexadecimal.
    public var description: String { op.description }

    /// The first digits of the writer and the number, for people; a room finds what they mean.
    public var short: String {
        "\(String(op.dot.replica.description.prefix(6))):\(op.dot.seq)"
    }
}

extension MessageID: Codable {
    /// Decodes the text of the id.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = MessageID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no message id")
        }
        self = id
    }

    /// Encodes the text of the id.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
