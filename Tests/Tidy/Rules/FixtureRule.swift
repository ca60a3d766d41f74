/// Every fixture is read by a test or explained by a README.
enum FixtureRule {
    /// - Parameters:
    ///   - paths: Of the fixtures, each beginning with "Fixtures/".
    ///   - texts: All texts that may speak of a fixture.
    /// - Returns: A finding for each whose name, and whose folder's name, nobody says.
    static func findings(paths: [String], texts: [String]) -> [Finding] {
        var said: Set<Substring> = []
        for text in texts {
            said.formUnion(text.split { !isPart(ofName: $0) })
        }
        return paths.filter { path in
            let components = path.split(separator: "/").dropFirst()
            guard components.last != "README.md" else { return false }
            let folder = components.dropLast().last
            let names = [components.last, folder].compactMap { $0 }
            return !names.contains { said.contains($0) }
        }.map { Finding($0, "no test and no README names it or its folder") }
    }

    private static func isPart(ofName character: Character) -> Bool {
        character.isLetter || character.isNumber || "._-+".contains(character)
    }
}
