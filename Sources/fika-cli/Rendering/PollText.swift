package import Fika

/// Renders polls.
package struct PollText {
    private let style: Style

    package init(_ style: Style) {
        self.style = style
    }

    /// The question, then the options with their numbers, bars and voters.
    package func text(_ poll: Poll, indent: Int = 0) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines = [margin + style.bold(PlainText.oneLine(poll.question))]
        let width = poll.options.map { PlainText.oneLine($0.text).count }.max() ?? 0
        for (index, option) in poll.options.enumerated() {
            let text = PlainText.oneLine(option.text).padded(to: width)
            var line = "\(margin)\(index + 1)  \(text)  \(option.voters.count)"
            if !option.voters.isEmpty {
                let voters = option.voters.map(PlainText.oneLine).joined(separator: ", ")
                line += style.dim("  \(voters)")
            }
            lines.append(line)
        }
        lines.append(margin + style.dim(rules(poll)))
        return lines.joined(separator: "\n")
    }

    private func rules(_ poll: Poll) -> String {
        var rules = [poll.allowsMultiple ? "several answers" : "one answer"]
        if poll.anyoneAdds { rules.append("anyone adds options") }
        if poll.anyoneEdits { rules.append("anyone edits") }
        let count = poll.voterCount
        rules.append(count == 1 ? "1 person has voted" : "\(count) people have voted")
        return rules.joined(separator: " · ")
    }
}
