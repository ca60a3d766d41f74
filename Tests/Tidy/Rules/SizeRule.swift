/// Files, functions and lines stay small enough to be read at once.
enum SizeRule {
    static let fileLinesMaximum = 500
    static let functionLinesMaximum = 70
    static let lineColumnsMaximum = 100

    static func findings(in file: SwiftFile) -> [Finding] {
        fileFindings(in: file) + lineFindings(in: file) + functionFindings(in: file)
    }

    private static func fileFindings(in file: SwiftFile) -> [Finding] {
        // The newline at the end leaves an empty piece.
        let count = file.lines.last == "" ? file.lines.count - 1 : file.lines.count
        guard count > fileLinesMaximum else { return [] }
        return [
            Finding(
                file.path, "has \(count) lines, more than \(fileLinesMaximum): split by concept")
        ]
    }

    private static func lineFindings(in file: SwiftFile) -> [Finding] {
        var findings: [Finding] = []
        for (index, line) in file.lines.enumerated()
        where line.utf8.count > lineColumnsMaximum && line.count > lineColumnsMaximum {
            let message = "has \(line.count) columns, more than \(lineColumnsMaximum)"
            findings.append(Finding(file.path, line: index + 1, message))
        }
        return findings
    }

    private static func functionFindings(in file: SwiftFile) -> [Finding] {
        FunctionExtent.all(in: file.tokens).filter { $0.lines.count > functionLinesMaximum }.map {
            let message =
                "\($0.name) has \($0.lines.count) lines, more than \(functionLinesMaximum)"
            return Finding(file.path, line: $0.lines.lowerBound, message)
        }
    }
}
