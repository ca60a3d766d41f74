package import FikaLog

/// One line of a poll: options with equal texts are one line (rule M17).
package struct PollOptionState: Hashable, Sendable {
    /// The first of the options that the line stands for.
    package var option: OptionRef
    package var text: String
    /// Rising, none twice.
    package var voters: [UserID]

    package init(option: OptionRef, text: String, voters: [UserID]) {
        self.option = option
        self.text = text
        self.voters = voters
    }
}
