/// Rows of cells whose columns stand under each other.
package struct Table {
    private var rows: [[String]] = []

    package init() {}

    package mutating func add(_ cells: String...) {
        rows.append(cells)
    }

    /// The lines, without spaces at their ends.
    package var text: String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let line = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}
