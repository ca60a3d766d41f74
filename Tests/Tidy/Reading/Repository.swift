import Foundation

/// The files of this repository, read once for all rules.
struct Repository: Sendable {
    /// Of every file, relative to the root, sorted.
    let paths: [String]
    let swiftFiles: [SwiftFile]
    /// What is text and not Swift: path and content.
    let texts: [String: String]

    static let here = Repository(root: root)

    /// Beyond this a file is data, and its text is nobody's prose.
    private static let textBytesMaximum = 1 << 20

    static var root: URL {
        var url = URL(fileURLWithPath: #filePath)
        // Out of Tests/Tidy/Reading/Repository.swift.
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url
    }

    init(root: URL) {
        var paths: [String] = []
        var swiftFiles: [SwiftFile] = []
        var texts: [String: String] = [:]
        for path in Self.filePaths(below: root) {
            paths.append(path)
            guard let data = FileManager.default.contents(atPath: root.path + "/" + path),
                data.count <= Self.textBytesMaximum,
                let text = String(validating: data, as: UTF8.self)
            else { continue }
            if path.hasSuffix(".swift") {
                swiftFiles.append(SwiftFile(path: path, text: text))
            } else {
                texts[path] = text
            }
        }
        self.paths = paths
        self.swiftFiles = swiftFiles
        self.texts = texts
    }

    /// The text of any file, Swift or not; nil when it is missing or no text.
    func text(of path: String) -> String? {
        texts[path] ?? swiftFiles.first { $0.path == path }?.text
    }

    private static func filePaths(below root: URL) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: root.path) else { return [] }
        var paths: [String] = []
        while let path = walk.nextObject() as? String {
            let name = path.split(separator: "/").last ?? ""
            let type = walk.fileAttributes?[.type] as? FileAttributeType
            if type == .typeDirectory {
                if isForeign(folder: name) { walk.skipDescendants() }
            } else if name != "Package.resolved", name != ".git" {
                paths.append(path)
            }
        }
        return paths.sorted()
    }

    /// Whether a folder is made by tools and never part of the project.
    private static func isForeign(folder: Substring) -> Bool {
        folder == ".git" || folder.hasPrefix(".build") || folder == ".swiftpm"
    }
}

extension Repository: CustomStringConvertible {
    /// Short, because a failed expectation shows it.
    var description: String { "a repository of \(paths.count) files" }
}
