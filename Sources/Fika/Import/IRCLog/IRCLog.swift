package import Foundation
import FikaCRDT
import FikaChat

/// The days of an IRC log, put into the one order that their ops will have.
package struct IRCLog: Sendable {
    /// By time; lines of one minute in the order of their file.
    package let entries: [ImportedEntry]

    /// Reads files, all of them before anything else happens.
    ///
    /// - Parameters:
    ///   - paths: Of the files, in any order.
    ///   - zone: What the times in them mean.
    ///   - progress: Is told the number of files read.
    /// - Throws: `ImportError` of the first file that is not in order.
    package init(
        paths: [String], zone: TimeZone, progress: (Int) -> Void = { _ in }
    ) throws(ImportError) {
        var files: [IRCDayFile] = []
        files.reserveCapacity(paths.count)
        for path in paths {
            files.append(try IRCDayFile(path: path))
            progress(files.count)
        }
        try self.init(files: files, zone: zone)
    }

    package init(files: [IRCDayFile], zone: TimeZone) throws(ImportError) {
        try Self.checkDays(of: files)
        var timed: [(milliseconds: Int, place: Int, line: IRCLine, path: String)] = []
        timed.reserveCapacity(files.reduce(0) { $0 + $1.lines.count })
        for file in files {
            var known: [Int: Int] = [:]
            for line in file.lines {
                let milliseconds =
                    known[line.minute] ?? file.day.milliseconds(minute: line.minute, in: zone)
                known[line.minute] = milliseconds
                timed.append((milliseconds, timed.count, line, file.path))
            }
        }
        // The place decides among equals, which keeps the files' order within a minute.
        timed.sort { ($0.milliseconds, $0.place) < ($1.milliseconds, $1.place) }
        var entries: [ImportedEntry] = []
        entries.reserveCapacity(timed.count)
        var minute = MinuteCount()
        for item in timed {
            guard let entry = minute.entry(item.line, milliseconds: item.milliseconds) else {
                throw ImportError(
                    file: item.path,
                    reason: .tooManyInOneMinute(limit: Int(UInt16.max) + 1))
            }
            entries.append(entry)
        }
        self.entries = entries
    }

    private static func checkDays(of files: [IRCDayFile]) throws(ImportError) {
        var paths: [CalendarDay: String] = [:]
        for file in files {
            if let other = paths.updateValue(file.path, forKey: file.day) {
                throw ImportError(file: file.path, reason: .dayTwice(other: other))
            }
        }
    }

    /// Counts what comes in one moment: lines for the stamp, equal lines for the ordinal.
    private struct MinuteCount {
        private var milliseconds = -1
        private var lines = 0
        private var equals: [IRCLine: UInt64] = [:]

        mutating func entry(_ line: IRCLine, milliseconds: Int) -> ImportedEntry? {
            if milliseconds != self.milliseconds {
                self.milliseconds = milliseconds
                lines = 0
                equals.removeAll(keepingCapacity: true)
            }
            guard let counter = UInt16(exactly: lines) else { return nil }
            lines += 1
            let ordinal = equals[line, default: 0]
            equals[line] = ordinal + 1
            return ImportedEntry(
                time: HybridTime(milliseconds: UInt64(max(0, milliseconds)), counter: counter),
                message: ImportedMessage(
                    type: line.type, author: line.nick, ordinal: ordinal, text: line.text))
        }
    }
}
