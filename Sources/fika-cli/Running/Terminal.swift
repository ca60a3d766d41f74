import Foundation
import Glibc

/// What the streams of this process are.
enum Terminal {
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Colour is for people who look at a terminal and have not said that they want none.
    static var style: Style {
        let environment = ProcessInfo.processInfo.environment
        let isWanted = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        return Style(hasColor: isOutputTerminal && isWanted, zone: .current)
    }
}
