import Glibc
import Logging

/// Writes one line for each entry to standard error: `key=value`, or JSON.
struct ErrorOutputLog: LogHandler {
    let isJSON: Bool
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    init(isJSON: Bool) {
        self.isJSON = isJSON
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        let fields = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let line =
            isJSON
            ? Self.json(event.level, "\(event.message)", fields)
            : Self.text(event.level, "\(event.message)", fields)
        let bytes = Array((line + "\n").utf8)
        // One call a line, so that lines of several threads do not mix.
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    private static func text(
        _ level: Logger.Level, _ message: String, _ fields: [(key: String, value: String)]
    ) -> String {
        var line = "\(timestamp()) \(level) \(message)"
        for (key, value) in fields {
            let isPlain = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" }
            line += " \(key)=\(isPlain ? value : quoted(value))"
        }
        return line
    }

    private static func json(
        _ level: Logger.Level, _ message: String, _ fields: [(key: String, value: String)]
    ) -> String {
        let head = [("time", timestamp()), ("level", "\(level)"), ("message", message)]
        return "{"
            + (head + fields).map { "\(quoted($0.0)):\(quoted($0.1))" }.joined(separator: ",")
            + "}"
    }

    /// A text as JSON writes it.
    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// The time in UTC, with milliseconds.
    private static func timestamp() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func padded(_ number: Int32, _ digits: Int = 2) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        let day =
            "\(padded(parts.tm_year + 1900))-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday))"
        let time = "\(padded(parts.tm_hour)):\(padded(parts.tm_min)):\(padded(parts.tm_sec))"
        return "\(day)T\(time).\(padded(Int32(now.tv_nsec / 1_000_000), 3))Z"
    }
}
