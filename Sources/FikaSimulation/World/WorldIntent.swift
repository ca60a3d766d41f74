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
    case describe
    case askAnew
    case setPoll
    case renameOption
    case removeOption
    case flag

    /// How often people want it, beside the others.
    package var weight: Int {
        switch self {
        case .send: 12
        case .reply, .edit, .react, .vote: 4
        case .invite, .pin, .poll, .delete, .markRead: 2
        case .createRoom, .sendPrivately, .unpin, .addOption, .leave, .removeMember, .addAgain,
            .rename, .describe, .askAnew, .setPoll, .renameOption, .removeOption, .flag:
            1
        }
    }

    /// How often people want it in one world: in one of four not at all.
    func drawWeight(using random: inout SplitMix64) -> Int {
        random.oneIn(4) ? 0 : weight * random.number(in: 1...3)
    }

    /// Whether only long worlds have it.
    package var isOfLongWorlds: Bool {
        switch self {
        case .describe, .askAnew, .setPoll, .renameOption, .removeOption, .flag: true
        case .createRoom, .invite, .send, .reply, .edit, .react, .pin, .unpin, .poll, .vote,
            .addOption, .delete, .leave, .removeMember, .addAgain, .rename, .markRead,
            .sendPrivately:
            false
        }
    }
}
