import Foundation

/// What a run of the harness did and found.
final class Report {
    private(set) var findings: [String] = []
    private var counts: [String: Int] = [:]
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    init() {
        start = clock.now
    }

    func count(_ what: String, _ more: Int = 1) {
        counts[what, default: 0] += more
    }

    func find(_ what: String) {
        findings.append(what)
        Self.say("FOUND: \(what)")
    }

    /// Runs a check; what it throws is a finding.
    func check(_ name: String, _ body: () throws -> Void) {
        do {
            try body()
        } catch {
            find("\(name): \(error)")
        }
    }

    static func say(_ text: String) {
        // Not print: what a terminal or a log shows is to be there when it happens.
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    func summarize(_ part: String, since begin: ContinuousClock.Instant) {
        let seconds = (clock.now - begin).components.seconds
        let list = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        Self.say("\(part): \(list.joined(separator: ", ")); \(seconds) s")
        counts = [:]
    }

    var now: ContinuousClock.Instant { clock.now }
    var seconds: Int64 { (clock.now - start).components.seconds }
}
