import Fika
import Foundation
import Testing

struct CalendarDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("1972-02-29", 789), ("1999-12-31", 10_956), ("2000-03-01", 11_017),
        ("2100-03-01", 47_541), ("6428-12-31", 1_628_616),
    ])
    func `days are counted from 1970`(name: String, count: Int) throws {
        #expect(try #require(CalendarDay(fileName: name + ".txt")).daysSince1970 == count)
    }

    @Test func `days agree with the calendar of the system`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for count in stride(from: 0, through: 60_000, by: 97) {
            let date = Date(timeIntervalSince1970: TimeInterval(count * 86_400))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let day = CalendarDay(
                year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
            #expect(day?.daysSince1970 == count)
        }
    }

    @Test(arguments: [
        "2023-02-29.txt", "2100-02-29.txt", "2024-13-01.txt", "2024-00-10.txt",
        "2024-01-32.txt", "1969-12-31.txt", "2024-1-01.txt", "2024-01-01.log", "20240101.txt",
        "2024-01-01.txt.gz", "+024-01-01.txt", "", "6429-01-01.txt", "9999-12-31.txt",
    ])
    func `other names are no days`(name: String) {
        #expect(CalendarDay(fileName: name) == nil)
    }

    @Test func `a minute means what its time zone says, in winter and in summer`() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Stockholm"))
        let winter = try #require(CalendarDay(year: 2024, month: 1, day: 10))
        let summer = try #require(CalendarDay(year: 2024, month: 7, day: 10))
        let hour = 3_600_000
        for (day, offset) in [(winter, 1), (summer, 2)] {
            let utc = day.milliseconds(minute: 600, in: .gmt)
            #expect(day.milliseconds(minute: 600, in: zone) == utc - offset * hour)
        }
    }

    @Test func `a minute that is skipped or there twice has the offset before the change`() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Stockholm"))
        let spring = try #require(CalendarDay(year: 2024, month: 3, day: 31))
        let autumn = try #require(CalendarDay(year: 2024, month: 10, day: 27))
        let hour = 3_600_000
        // 02:30 is skipped; 01:59 and 03:00 are a minute apart.
        #expect(
            spring.milliseconds(minute: 180, in: zone) - spring.milliseconds(minute: 119, in: zone)
                == 60_000)
        #expect(
            spring.milliseconds(minute: 150, in: zone)
                == spring.milliseconds(minute: 150, in: .gmt) - hour)
        #expect(
            autumn.milliseconds(minute: 150, in: zone)
                == autumn.milliseconds(minute: 150, in: .gmt) - 2 * hour)
        #expect(
            autumn.milliseconds(minute: 180, in: zone)
                == autumn.milliseconds(minute: 180, in: .gmt) - hour)
    }
}
