package import Foundation

/// A day of the Gregorian calendar, in no particular time zone.
package struct CalendarDay: Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Reads the day from a file's name, `YYYY-MM-DD.txt`; nil for anything else.
    package init?(fileName: some StringProtocol) {
        let characters = Array(fileName.utf8)
        guard characters.count == 14, fileName.hasSuffix(".txt"),
            characters[4] == UInt8(ascii: "-"), characters[7] == UInt8(ascii: "-"),
            let year = Self.number(characters[0..<4]), let month = Self.number(characters[5..<7]),
            let day = Self.number(characters[8..<10])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Creates a day from 1970 to 6428, the years that a stamp can name (rule C2); nil when the
    /// calendar has no such day.
    package init?(year: Int, month: Int, day: Int) {
        let isLeap =
            year.isMultiple(of: 4) && !year.isMultiple(of: 100)
            || year.isMultiple(of: 400)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1970...6428).contains(year), (1...12).contains(month),
            (1...lengths[month - 1]).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Days since 1970-01-01.
    package var daysSince1970: Int {
        // Counted from March, so that a leap day is the last of its year.
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        return 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    /// Milliseconds since 1970-01-01 UTC of a minute of this day in a time zone.
    ///
    /// A minute that the zone skips, or has twice, gets the offset before the change.
    package func milliseconds(minute: Int, in zone: TimeZone) -> Int {
        let local = daysSince1970 * 86_400 + minute * 60
        func offset(_ seconds: Int) -> Int {
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
        }
        // A day earlier shows the offset before any change of this day.
        let before = offset(local - 86_400)
        let after = offset(local + 86_400)
        let early = local - before
        let late = local - after
        let isAfterChange = offset(early) != before && offset(late) == after
        return (isAfterChange ? late : early) * 1000
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var number = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            number = number * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return number
    }
}
