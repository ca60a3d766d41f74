/// The project speaks of itself alone, never of the machine that it was written on.
enum TraceRule {
    /// In pieces, so that this file passes its own rule.
    private static let traces = [
        ["/", "work", "/"], ["/", "root", "/"], ["/", "opt", "/"], ["arti", "factory"],
        [".inter", "nal/"],
    ].map { $0.joined() }

    static func findings(path: String, text: String) -> [Finding] {
        var findings: [Finding] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            for trace in traces where holds(line, trace) {
                let message = "\(trace) belongs to one machine: use a path inside the project"
                findings.append(Finding(path, line: index + 1, message))
            }
        }
        return findings
    }

    /// Whether the line names the trace from its beginning, not as the end of a longer path.
    private static func holds(_ line: Substring, _ trace: String) -> Bool {
        line.ranges(of: trace).contains { range in
            guard trace.hasPrefix("/"), range.lowerBound > line.startIndex else { return true }
            let before = line[line.index(before: range.lowerBound)]
            return !(before.isLetter || before.isNumber || before == "." || before == "_")
        }
    }
}
