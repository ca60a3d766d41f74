import FikaSimulation
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

    /// The first case of each part, and from there on every so many; nil where they are drawn.
    private let from: Int?

    let chance: Chance

    init(_ chance: Chance, from: Int?, minutes: Int?) {
        self.chance = chance
        self.from = from
        let now = clock.now
        start = now
        end = minutes.map { now + .seconds(60 * $0) }
    }

    /// Plays one in so many cases; says now and then how far it is.
    func play<Case>(
        _ part: String, _ cases: [(name: String, test: Case)], oneIn stride: Int,
        _ body: (String, Case) -> Void
    ) {
        let chosen = choose(cases.map(\.name), oneIn: stride)
        let begin = clock.now
        let found = findings.count
        var played = 0
        while played < chosen.count, hasTime, findings.count < found + Self.findingsMaximum {
            let index = chosen[played]
            body(cases[index].name, cases[index].test)
            played += 1
            if played % 200 == 0 {
                Self.say("\(part): \(index + 1) of \(cases.count) are behind us")
            }
        }
        let which =
            from.map { stride == 1 ? "from \($0)" : "every \(stride)th from \($0)" }
            ?? "one in \(stride)"
        let end = played < chosen.count ? ", ended early before \(chosen[played])" : ""
        summarize("\(part), \(played) of \(cases.count) cases, \(which)\(end)", since: begin)
    }

    /// The indices of the cases that are played; at least one where there are any.
    private func choose(_ names: [String], oneIn stride: Int) -> [Int] {
        if let from { return Array(Swift.stride(from: from, to: names.count, by: stride)) }
        let drawn = names.indices.filter { chance.draws(names[$0], oneIn: stride) }
        return drawn.isEmpty ? Array(names.indices.prefix(1)) : drawn
    }

    /// Plays those of some cases whose names begin so; what one throws is a finding.
    func play(
        _ part: String, _ cases: [FaultCase], named name: (FaultCase) -> String,
        only beginning: String?, oneIn stride: Int,
        _ body: (FaultCase, inout SplitMix64) throws -> Void
    ) {
        let named = cases.map { (name: name($0), test: $0) }
            .filter { test in beginning.map { test.name.hasPrefix($0) } ?? true }
        play(part, named, oneIn: stride) { name, test in
            count("\(test.fault)")
            var generator = chance.generator(for: name)
            check(name) { try body(test, &generator) }
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
