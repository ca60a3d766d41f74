package import Foundation

/// How text is made for people: with or without colour, times in which zone.
package struct Style: Sendable {
    package let hasColor: Bool
    package let zone: TimeZone

    package init(hasColor: Bool, zone: TimeZone) {
        self.hasColor = hasColor
        self.zone = zone
    }

    package func bold(_ text: String) -> String { wrap(text, "1") }
    package func dim(_ text: String) -> String { wrap(text, "2") }
    package func good(_ text: String) -> String { wrap(text, "32") }
    package func bad(_ text: String) -> String { wrap(text, "31") }
    package func accent(_ text: String) -> String { wrap(text, "36") }

    private func wrap(_ text: String, _ code: String) -> String {
        hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// `2024-03-01 08:59`.
    package func time(_ date: Date) -> String {
        let parts = components(date)
        return "\(day(date)) \(Self.two(parts.hour)):\(Self.two(parts.minute))"
    }

    /// `08:59`.
    package func timeOfDay(_ date: Date) -> String {
        let parts = components(date)
        return "\(Self.two(parts.hour)):\(Self.two(parts.minute))"
    }

    /// `2024-03-01`.
    package func day(_ date: Date) -> String {
        let parts = components(date)
        return "\(parts.year ?? 0)-\(Self.two(parts.month))-\(Self.two(parts.day))"
    }

    private func components(_ date: Date) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
    }

    private static func two(_ number: Int?) -> String {
        let number = number ?? 0
        return number < 10 ? "0\(number)" : "\(number)"
    }
}
