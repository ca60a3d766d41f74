import FikaChat
import FikaLog

/// Reads one line of an IRC log.
///
/// - `[HH:MM] <nick> text`: a message
/// - `[HH:MM]  * nick does something`: an action
/// - `[HH:MM] -nick:#channel- text`: a notice
/// - `[HH:MM] (nick/#channel) text`: a message too
/// - `=== text`: an event, which has no time of its own
struct IRCLineParser {
    private let bytes: ArraySlice<UInt8>

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - bytes: The line without its line feed.
    ///   - previousMinute: The minute of the line before, for events.
    /// - Returns: The line.
    /// - Throws: The reason why it is none.
    static func parse(
        _ bytes: ArraySlice<UInt8>, previousMinute: Int
    ) throws(ImportError.Reason) -> IRCLine {
        let line = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes
        guard !line.contains(0) else { throw .nul }
        let parser = IRCLineParser(line)
        if let event = parser.rest(after: "===") {
            let text = event.first == UInt8(ascii: " ") ? event.dropFirst() : event
            return try parser.line(previousMinute, .event, nick: [], text: text)
        }
        return try parser.timedLine()
    }

    private func timedLine() throws(ImportError.Reason) -> IRCLine {
        let head = Array(bytes.prefix(7))
        guard head.count == 7, head[0] == UInt8(ascii: "["), head[3] == UInt8(ascii: ":"),
            head[6] == UInt8(ascii: "]"), let hour = Self.number(head[1], head[2]),
            let minuteOfHour = Self.number(head[4], head[5])
        else { throw .unknownForm }
        guard hour < 24, minuteOfHour < 60 else { throw .noTime }
        let minute = hour * 60 + minuteOfHour
        let content = IRCLineParser(bytes.dropFirst(7))
        if let rest = content.rest(after: " <") {
            return try Self.named(rest, until: ">", minute, .message)
        }
        if let rest = content.rest(after: "  * ") {
            let nick = rest.prefix { $0 != UInt8(ascii: " ") }
            guard !nick.isEmpty else { throw .unknownForm }
            let text = rest.dropFirst(nick.count + 1)
            return try content.line(minute, .action, nick: nick, text: text)
        }
        if let rest = content.rest(after: " -") {
            return try Self.addressed(rest, separator: ":", until: "-", minute, .notice)
        }
        if let rest = content.rest(after: " (") {
            return try Self.addressed(rest, separator: "/", until: ")", minute, .message)
        }
        throw .unknownForm
    }

    /// Reads `nick> text`; the text with its space may be missing.
    private static func named(
        _ rest: ArraySlice<UInt8>, until end: Unicode.Scalar, _ minute: Int,
        _ type: ImportedType
    ) throws(ImportError.Reason) -> IRCLine {
        guard let close = rest.firstIndex(of: UInt8(ascii: end)), close > rest.startIndex
        else { throw .unknownForm }
        let after = rest[(close + 1)...]
        guard after.isEmpty || after.first == UInt8(ascii: " ") else { throw .unknownForm }
        return try IRCLineParser(after).line(
            minute, type, nick: rest[..<close], text: after.dropFirst())
    }

    /// Reads `nick:#channel- text`, with other marks too.
    private static func addressed(
        _ rest: ArraySlice<UInt8>, separator: Unicode.Scalar, until end: Unicode.Scalar,
        _ minute: Int, _ type: ImportedType
    ) throws(ImportError.Reason) -> IRCLine {
        guard let middle = rest.firstIndex(of: UInt8(ascii: separator)),
            middle > rest.startIndex, rest[(middle + 1)...].first == UInt8(ascii: "#")
        else { throw .unknownForm }
        // A channel's name may hold the closing mark, but no space.
        let channel = rest[(middle + 1)...].prefix { $0 != UInt8(ascii: " ") }
        guard channel.last == UInt8(ascii: end) else { throw .unknownForm }
        let after = rest[channel.endIndex...]
        return try IRCLineParser(after).line(
            minute, type, nick: rest[..<middle], text: after.dropFirst())
    }

    private func line(
        _ minute: Int, _ type: ImportedType, nick: ArraySlice<UInt8>, text: ArraySlice<UInt8>
    ) throws(ImportError.Reason) -> IRCLine {
        let nameLimit = Limits.nameBytesMaximum
        guard nick.count <= nameLimit else {
            throw .nameTooLong(byteCount: nick.count, limit: nameLimit)
        }
        let textLimit = Limits.textBytesMaximum
        guard text.count <= textLimit else {
            throw .textTooLong(byteCount: text.count, limit: textLimit)
        }
        guard let nick = String(validating: nick, as: UTF8.self),
            let text = String(validating: text, as: UTF8.self)
        else { throw .invalidUTF8 }
        return IRCLine(minute: minute, type: type, nick: nick, text: text)
    }

    private func rest(after prefix: String) -> ArraySlice<UInt8>? {
        bytes.starts(with: prefix.utf8) ? bytes.dropFirst(prefix.utf8.count) : nil
    }

    private static func number(_ tens: UInt8, _ ones: UInt8) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.contains(tens), digits.contains(ones) else { return nil }
        return Int(tens - digits.lowerBound) * 10 + Int(ones - digits.lowerBound)
    }
}
