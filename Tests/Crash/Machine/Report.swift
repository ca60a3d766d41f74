import Foundation

/// What a run of the harness did and found.
final class Report {
    private(set) var findings: [String] = []
    private var counts: [String: Int] = [:]
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant

    /// With so many findings a part ends early: each may have waited for its limit.
    private static let findingsMaximum = 40

    /// After this no new cases begin.
    private let end: ContinuousClock.Instant?

    /// The first case of each part; nil where it is drawn.
    private let from: Int?

    init(from: Int?, minutes: Int?) {
        self.from = from
        let now = clock.now
        start = now
        end = minutes.map { now + .seconds(60 * $0) }
    }

    /// Plays cases, every so many of them from any one on; says now and then how far it is.
    func play<Case>(
        _ name: String, _ cases: [Case], from drawn: Int, stride: Int,
        _ body: (Case) -> Void
    ) {
        let first = min(from ?? drawn, cases.count)
        let begin = clock.now
        let found = findings.count
        let count = (cases.count - first + stride - 1) / stride
        var played = 0
        while played < count, hasTime, findings.count < found + Self.findingsMaximum {
            body(cases[first + played * stride])
            played += 1
            if played % 200 == 0 {
                Self.say("\(name): \(first + played * stride) of \(cases.count) are behind us")
            }
        }
        let which = stride == 1 ? "from \(first)" : "every \(stride)th from \(first)"
        let range = "\(played) of \(cases.count) cases, \(which)"
        summarize("\(name), \(range)\(played < count ? ", ended early" : "")", since: begin)
    }

    /// Plays those of some cases whose names begin so; what one throws is a finding.
    func play(
        _ part: String, _ cases: [FaultCase], named name: (FaultCase) -> String,
        only beginning: String?, from drawn: Int, stride: Int,
        _ body: (FaultCase) throws -> Void
    ) {
        let named = cases.map { ($0, name($0)) }
            .filter { _, name in beginning.map { name.hasPrefix($0) } ?? true }
        play(part, named, from: drawn, stride: stride) { test, name in
            count("\(test.fault)")
            check(name) { try body(test) }
        }
    }

    /// Whether new cases may begin.
    var hasTime: Bool { end.map { clock.now < $0 } ?? true }

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
