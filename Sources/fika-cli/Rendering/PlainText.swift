/// Makes others' text harmless for a terminal.
package enum PlainText {
    /// The text with control characters shown as pictures; line feeds stay.
    package static func safe(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { safe.append(picture(of: scalar)) }
        return String(safe)
    }

    /// The same on one line.
    package static func oneLine(_ text: String) -> String {
        safe(text).replacing("\n", with: " ")
    }

    /// One line of at most so many characters.
    package static func short(_ text: String, _ limit: Int) -> String {
        let line = oneLine(text)
        return line.count <= limit ? line : line.prefix(limit - 1) + "…"
    }

    private static func picture(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x0A: scalar
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
        // The second set of controls moves cursors as the first does; so do direction overrides.
        case 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: "\u{FFFD}"
        default: scalar
        }
    }
}
