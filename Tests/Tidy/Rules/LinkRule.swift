/// Documents lead to what exists, and the Specs' README leads to all of them.
enum LinkRule {
    /// Returns a finding for each relative link that leads nowhere.
    ///
    /// - Parameters:
    ///   - path: Of the document.
    ///   - text: Its Markdown.
    ///   - paths: Of all files in the repository.
    /// - Returns: One finding a broken link.
    static func brokenLinks(path: String, text: String, paths: [String]) -> [Finding] {
        targets(path: path, text: text).filter { target in
            !paths.contains { $0 == target || target.isEmpty || $0.hasPrefix(target + "/") }
        }.map { Finding(path, "links to \($0), which is not there") }
    }

    /// Returns a finding for each document in Specs that its README does not link to.
    static func unlinkedSpecs(readme: String, paths: [String]) -> [Finding] {
        let index = "Specs/README.md"
        let linked = Set(targets(path: index, text: readme))
        return
            paths
            .filter { $0.hasPrefix("Specs/") && $0.hasSuffix(".md") && $0 != index }
            .filter { !linked.contains($0) }
            .map { Finding($0, "\(index) does not link to it") }
    }

    /// The files that the inline links of a document lead to, relative to the repository.
    private static func targets(path: String, text: String) -> [String] {
        let folder = path.split(separator: "/").dropLast().map(String.init)
        return prose(of: text).split(separator: "](").dropFirst().compactMap { rest in
            let target = rest.prefix { $0 != ")" && $0 != " " && $0 != "#" }
            guard !target.isEmpty, !target.contains(":") else { return nil }
            return resolve(target, in: folder)
        }
    }

    /// The text without its code blocks.
    private static func prose(of text: String) -> String {
        let parts = text.split(separator: "```", omittingEmptySubsequences: false)
        return stride(from: 0, to: parts.count, by: 2).map { String(parts[$0]) }.joined()
    }

    private static func resolve(_ target: Substring, in folder: [String]) -> String {
        var components = folder
        for component in target.split(separator: "/") where component != "." {
            if component == ".." {
                _ = components.popLast()
            } else {
                components.append(String(component))
            }
        }
        return components.joined(separator: "/")
    }
}
