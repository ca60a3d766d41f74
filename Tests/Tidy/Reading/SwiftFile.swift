/// A Swift source file as the rules see it.
struct SwiftFile: Sendable {
    /// Relative to the repository, with slashes.
    let path: String
    let text: String
    let lines: [Substring]
    /// The comments alone, line by line; what is not comment is blank.
    let commentLines: [String]
    let tokens: [Token]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let views = SwiftViews(text)
        tokens = Token.tokens(of: views.code)
        commentLines = views.comments
            .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// The folders and the file name.
    var components: [Substring] { path.split(separator: "/") }

    var name: Substring { components.last ?? "" }

    var area: Area { Area(components: components) }
}

extension SwiftFile: CustomStringConvertible {
    /// Short, because a failed expectation shows it.
    var description: String { path }
}
