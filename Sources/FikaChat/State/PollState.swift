/// A poll as it is shown.
package struct PollState: Hashable, Sendable {
    package var question: String
    package var allowsMultiple: Bool
    package var anyoneAdds: Bool
    package var anyoneEdits: Bool
    /// In the order of rule M14, equal texts merged.
    package var options: [PollOptionState]

    package init(
        question: String, allowsMultiple: Bool, anyoneAdds: Bool, anyoneEdits: Bool,
        options: [PollOptionState]
    ) {
        self.question = question
        self.allowsMultiple = allowsMultiple
        self.anyoneAdds = anyoneAdds
        self.anyoneEdits = anyoneEdits
        self.options = options
    }
}
