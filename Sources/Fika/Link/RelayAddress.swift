/// Where a relay or another device listens.
public struct RelayAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    /// A name or an address.
    public let host: String
    /// 1 to 65,535.
    public let port: Int

    /// The port that a relay listens on unless it is told otherwise.
    public static let standardPort = 7447

    /// Names a relay.
    public static func relay(_ host: String, port: Int = standardPort) -> RelayAddress {
        RelayAddress(host: host, port: port)
    }

    /// Names a place to connect to, or to listen at; port 0 lets the system choose one.
    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port` or `[address]:port`; nil for anything else.
    public init?(_ text: String) {
        var host = Substring(text)
        var port = Self.standardPort
        let isBracketed = text.hasPrefix("[")
        let end = isBracketed ? text.firstIndex(of: "]") : nil
        if isBracketed, end == nil { return nil }
        let colon = text[(end ?? text.startIndex)...].lastIndex(of: ":")
        if let colon {
            guard let number = Int(text[text.index(after: colon)...]), (0...65_535).contains(number)
            else { return nil }
            port = number
            host = text[..<colon]
        }
        if isBracketed {
            guard host.hasSuffix("]") else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.utf8.count <= 255, !host.contains(where: \.isWhitespace) else {
            return nil
        }
        self.init(host: String(host), port: port)
    }

    /// `host:port`; an address with colons stands in brackets.
    public var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
