import Foundation
import Synchronization

/// Shows how far long work is: a line that changes on a terminal, elsewhere a line now and then.
final class ProgressLine: Sendable {
    private let verb: String
    private let isTerminal: Bool
    private let shown = Mutex(0)
    /// How far the work goes between two lines on a terminal.
    private let step: Int

    /// Elsewhere lines are so much rarer.
    private static let stepsElsewhere = 50

    init(
        _ verb: String, step: Int = 2_000, isTerminal: Bool = Terminal.isErrorTerminal
    ) {
        self.verb = verb
        self.step = step
        self.isTerminal = isTerminal
    }

    /// Takes note of how much is done.
    func update(_ count: Int) {
        let isDue = shown.withLock { shown in
            let step = isTerminal ? step : step * Self.stepsElsewhere
            guard count >= shown + step else { return false }
            shown = count
            return true
        }
        guard isDue else { return }
        StandardError.write(isTerminal ? "\r\(verb) \(count)" : "fika: \(verb) \(count)\n")
    }

    /// Takes the line away.
    func finish() {
        let wasShown = shown.withLock { $0 > 0 }
        if isTerminal, wasShown { StandardError.write("\r\u{1B}[K") }
    }
}
