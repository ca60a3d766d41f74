package import FikaCRDT
package import FikaLog

/// What stands of a user's votes on one option: the latest word (rule M16).
package struct PollVote: Hashable, Sendable {
    package let user: UserID
    package let option: OptionRef
    package let isOn: Bool
    /// The vote op that said so.
    package let write: Write

    package init(user: UserID, option: OptionRef, isOn: Bool, write: Write) {
        self.user = user
        self.option = option
        self.isOn = isOn
        self.write = write
    }
}
