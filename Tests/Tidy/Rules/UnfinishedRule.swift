/// No comment promises work: what is to be done stands in an issue.
enum UnfinishedRule {
    private static let words: Set<Substring> = ["TODO", "FIXME", "XXX", "HACK"]

    static func findings(in file: SwiftFile) -> [Finding] {
        var findings: [Finding] = []
        for (index, comment) in file.commentLines.enumerated() {
            let spoken = comment.split { !$0.isLetter }
            for word in spoken where words.contains(word) {
                let message = "\(word) in a comment: do it, or say it in an issue"
                findings.append(Finding(file.path, line: index + 1, message))
            }
        }
        return findings
    }
}
