import Foundation

/// The figures of a run.
struct Report: Encodable {
    /// One figure: what it is, how much, of which unit, and what it must reach.
    struct Figure: Encodable {
        let benchmark: String
        let name: String
        let value: Double
        let unit: String
        let goal: String?
    }

    let messages: Int
    private var figures: [Figure] = []

    init(messages: Int) {
        self.messages = messages
    }

    mutating func add(
        _ benchmark: Benchmark, _ name: String, _ value: Double, _ unit: String,
        goal: String? = nil
    ) {
        figures.append(
            Figure(
                benchmark: benchmark.rawValue, name: name, value: value, unit: unit, goal: goal))
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// The figures as lines of a Markdown table.
    func table() -> String {
        let head = ["benchmark", "figure", "value", "unit", "goal"]
        var rows = figures.map {
            [$0.benchmark, $0.name, Self.text($0.value), $0.unit, $0.goal ?? ""]
        }
        rows.insert(head, at: 0)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        rows.insert(widths.map { String(repeating: "-", count: $0) }, at: 1)
        return rows.map { row in
            let cells = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            return "| " + cells.joined(separator: " | ") + " |"
        }.joined(separator: "\n")
    }

    private static func text(_ value: Double) -> String {
        if value == value.rounded(), value.magnitude < 1e15 { return String(Int(value)) }
        let decimals = value.magnitude >= 100 ? 0 : value.magnitude >= 10 ? 1 : 3
        return String(format: "%.\(decimals)f", value)
    }
}
