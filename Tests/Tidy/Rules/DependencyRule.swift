/// Each dependency has a sentence that says why it is worth having.
enum DependencyRule {
    /// Shorter is a name, no reason.
    private static let sentenceLengthMinimum = 30

    static func findings(manifest: String, contributing: String) -> [Finding] {
        let lines = contributing.split(separator: "\n")
        return names(in: manifest).filter { name in
            !lines.contains { isReason($0, for: name) }
        }.map { Finding("CONTRIBUTING.md", "has no line `- **\($0)**: why it is here.`") }
    }

    /// Returns the packages and the system libraries that the manifest asks for.
    static func names(in manifest: String) -> [String] {
        let packages = quoted(after: ".package(url:", in: manifest).compactMap { url in
            url.split(separator: "/").last.map { String($0.replacing(".git", with: "")) }
        }
        return packages + quoted(after: ".apt([", in: manifest).map(String.init)
    }

    private static func isReason(_ line: Substring, for name: String) -> Bool {
        line.hasPrefix("- **\(name)**:") && line.hasSuffix(".")
            && line.count >= name.count + sentenceLengthMinimum
    }

    /// Returns the first literal after each occurrence of a piece of code.
    private static func quoted(after code: String, in text: String) -> [Substring] {
        text.ranges(of: code).compactMap { range in
            let rest = text[range.upperBound...].drop { $0 != "\"" }.dropFirst()
            return rest.isEmpty ? nil : rest.prefix { $0 != "\"" }
        }
    }
}
