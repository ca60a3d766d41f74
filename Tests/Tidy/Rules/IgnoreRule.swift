/// What tools make stays out of the repository.
enum IgnoreRule {
    /// The lines that the ignore file must hold.
    static let ignored: Set<Substring> = [".build/", ".build-*/", "Package.resolved"]

    static func findings(ignoreFile: String) -> [Finding] {
        let lines = Set(ignoreFile.split(separator: "\n"))
        return ignored.subtracting(lines).sorted().map {
            Finding(".gitignore", "does not ignore \($0)")
        }
    }

    /// Returns a finding for each path under version control that a tool made.
    static func findings(tracked: [String]) -> [Finding] {
        tracked.filter { path in
            path.split(separator: "/").contains {
                $0.hasPrefix(".build") || $0 == "Package.resolved" || $0 == ".swiftpm"
            }
        }.map { Finding($0, "is made by tools and must not be under version control") }
    }
}
