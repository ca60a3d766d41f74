package import FikaCRDT

/// Names a room or private chat, for life.
public struct RoomID: Hashable, Sendable, CustomStringConvertible {
    package let log: LogID

    package init(_ log: LogID) {
        self.log = log
    }

    /// Reads 32 hexadecimal digits; nil for anything else.
    public init?(_ text: String) {
        guard let log = LogID(text) else { return nil }
        self.log = log
    }

    /// The 32 hexadecimal digits.
    public var description: String { log.description }

    /// The first digits, for people; ``Workspace`` finds the room that they begin.
    public var short: String { String(log.description.prefix(8)) }
}

extension RoomID: Comparable {
    /// The order of the bytes.
    public static func < (left: RoomID, right: RoomID) -> Bool { left.log < right.log }
}

extension RoomID: Codable {
    /// Decodes the hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = RoomID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "no room id")
        }
        self = id
    }

    /// Encodes the hexadecimal digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
