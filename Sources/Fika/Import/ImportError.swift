/// What is wrong with a file to import; nothing of the import was written.
package struct ImportError: Error, Hashable, Sendable {
    /// The file's path as it was given.
    package let file: String
    /// The line, the first being 1; nil when it is about the whole file.
    package let line: Int?
    package let reason: Reason

    /// Why the file is not taken.
    package enum Reason: Error, Hashable {
        /// The name is not `YYYY-MM-DD.txt`, or no day of the calendar.
        case noDate
        /// Another file of this import is of the same day.
        case dayTwice(other: String)
        /// The system's words.
        case unreadable(String)
        case empty
        case tooLarge(byteCount: Int, limit: Int)
        case invalidUTF8
        /// A byte 0: the file is binary, or was not written to its end.
        case nul
        /// The line has none of the forms of a log's lines.
        case unknownForm
        /// The hour is above 23, or the minute above 59.
        case noTime
        case textTooLong(byteCount: Int, limit: Int)
        case nameTooLong(byteCount: Int, limit: Int)
        /// More lines in one minute than a stamp can count.
        case tooManyInOneMinute(limit: Int)
    }

    package init(file: String, line: Int? = nil, reason: Reason) {
        self.file = file
        self.line = line
        self.reason = reason
    }
}

extension ImportError.Reason {
    init(_ failure: WholeFile.Failure) {
        switch failure {
        case .system(let words): self = .unreadable(words)
        case .tooLarge(let count, let limit): self = .tooLarge(byteCount: count, limit: limit)
        }
    }
}

extension ImportError: CustomStringConvertible {
    /// `file:line: reason`, in one line.
    package var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return "\(place): \(reason)"
    }
}

extension ImportError.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noDate: "the file's name is not a day, as 2005-06-16.txt"
        case .dayTwice(let other): "the same day as \(other)"
        case .unreadable(let words): words
        case .empty: "the file is empty"
        case .tooLarge(let count, let limit): "the file has \(count) bytes, more than \(limit)"
        case .invalidUTF8: "not valid UTF-8"
        case .nul: "a byte 0: this is no text file, or it was cut off"
        case .unknownForm: "no line of an IRC log: expected [HH:MM] <nick> text"
        case .noTime: "no time of day"
        case .textTooLong(let count, let limit): "the text has \(count) bytes, more than \(limit)"
        case .nameTooLong(let count, let limit): "the nick has \(count) bytes, more than \(limit)"
        case .tooManyInOneMinute(let limit): "more than \(limit) lines in one minute"
        }
    }
}
