/// Every bug that can be planted is planted somewhere and described, and nothing else of the code
/// depends on how it is built.
enum PlantRule {
    static let list = "Sources/FikaCRDT/Planted/PlantedBug.swift"
    static let description = "Specs/faults.md"

    /// Returns the names of the cases in the list.
    static func bugs(in list: SwiftFile) -> [String] {
        zip(list.tokens, list.tokens.dropFirst()).filter { $0.0.text == "case" }.map(\.1.text)
    }

    static func findings(bugs: [String], in files: [SwiftFile], description text: String)
        -> [Finding]
    {
        var planted: Set<String> = []
        for file in files {
            let tokens = file.tokens.map(\.text)
            for index in tokens.indices.dropFirst(2).dropLast(2)
            where tokens[index - 2] == "PlantedBug" && tokens[index + 2] == "isPlanted" {
                planted.insert(tokens[index])
            }
        }
        return bugs.filter { !planted.contains($0) }.map { Finding(list, "plant \($0), or go") }
            + bugs.filter { !text.contains("`\($0)`") }.map {
                Finding(description, "does not describe \($0)")
            }
    }

    /// Returns a finding for each line of a source that another build would not have.
    static func conditions(in file: SwiftFile) -> [Finding] {
        guard file.components.first == "Sources", file.path != list else { return [] }
        return zip(file.tokens, file.tokens.dropFirst())
            .filter { $0.0.text == "#" && $0.1.text == "if" && $0.1.isAdjacent }
            .map { Finding(file.path, line: $0.0.line, "what is built depends on a define") }
    }
}
