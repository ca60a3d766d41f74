/// One file of an IRC log, all of it read: a day and its lines in the file's order.
package struct IRCDayFile: Sendable {
    /// The path as it was given.
    package let path: String
    package let day: CalendarDay
    package let lines: [IRCLine]

    /// The most bytes of one file.
    package static let bytesMaximum = 256 << 20

    /// Reads and parses a file.
    package init(path: String) throws(ImportError) {
        let content: [UInt8]
        do throws(WholeFile.Failure) {
            content = try WholeFile.read(path, limit: Self.bytesMaximum)
        } catch {
            throw ImportError(file: path, reason: ImportError.Reason(error))
        }
        try self.init(path: path, content: content)
    }

    /// Parses a file's content.
    package init(path: String, content: [UInt8]) throws(ImportError) {
        let name = path.split(separator: "/").last ?? ""
        guard let day = CalendarDay(fileName: name) else {
            throw ImportError(file: path, reason: .noDate)
        }
        var lines: [IRCLine] = []
        var number = 0
        // Lines without any character say nothing, whatever their number.
        for bytes in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        {
            number += 1
            guard !bytes.isEmpty else { continue }
            do throws(ImportError.Reason) {
                let minute = lines.last?.minute ?? 0
                lines.append(try IRCLineParser.parse(bytes, previousMinute: minute))
            } catch {
                throw ImportError(file: path, line: number, reason: error)
            }
        }
        guard !lines.isEmpty else { throw ImportError(file: path, reason: .empty) }
        self.path = path
        self.day = day
        self.lines = lines
    }
}
