/// What a person may want to do.
package enum WorldIntent: String, Hashable, Sendable, CaseIterable {
    case createRoom
    case invite
    case send
    case reply
    case edit
    case react
    case pin
    case unpin
    case poll
    case vote
    case addOption
    case delete
    case leave
    case removeMember
    case addAgain
    case rename
    case markRead
    case sendPrivately

    /// How often people want it, beside the others.
    package var weight: Int {
        switch self {
        case .send: 12
        case .reply, .edit, .react, .vote: 4
        case .invite, .pin, .poll, .delete, .markRead: 2
        case .createRoom, .sendPrivately, .unpin, .addOption, .leave, .removeMember, .addAgain,
            .rename:
            1
        }
    }
}
