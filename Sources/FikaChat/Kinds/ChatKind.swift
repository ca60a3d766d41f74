package import FikaLog

/// The kinds that this version knows; the raw value is the number in the format, for ever.
package enum ChatKind: UInt16, Sendable, CaseIterable {
    case void = 0
    case introduction = 1
    case create = 2
    case grant = 3
    case revoke = 4
    case leave = 5
    case close = 6
    case name = 8
    case about = 9
    case message = 10
    case edit = 11
    case delete = 12
    case reaction = 13
    case pin = 14
    case unpin = 15
    case poll = 16
    case pollQuestion = 17
    case pollSetting = 18
    case optionAdd = 19
    case optionText = 20
    case optionRemove = 21
    case vote = 22
    case readMark = 24
    case flag = 25
    case importRun = 30
    case imported = 31

    /// Returns nil for a kind that this version does not know.
    package init?(_ kind: Kind) {
        self.init(rawValue: kind.number)
    }

    package var kind: Kind { Kind(rawValue) }

    package var flags: KindFlags {
        switch self {
        case .introduction, .name, .about: .early
        case .create, .grant, .revoke, .leave: [.early, .access]
        case .close: [.early, .access, .relay]
        case .message, .edit, .poll, .pollQuestion, .optionAdd, .optionText, .imported: .salted
        case .void, .delete, .reaction, .pin, .unpin, .pollSetting, .optionRemove, .vote,
            .readMark, .flag, .importRun:
            []
        }
    }

    package var targetRule: TargetRule {
        switch self {
        case .void, .introduction, .create, .grant, .leave, .close, .name, .about, .poll,
            .readMark, .flag, .importRun, .imported:
            .forbidden
        case .message:
            .allowed
        case .revoke, .edit, .delete, .reaction, .pin, .unpin, .pollQuestion, .pollSetting,
            .optionAdd, .optionText, .optionRemove, .vote:
            .required
        }
    }

    /// Whether ops of this kind are rows of the timeline (rule M4).
    package var isRow: Bool {
        switch self {
        case .message, .imported, .poll, .create, .grant, .revoke, .leave, .name, .about: true
        case .void, .introduction, .close, .edit, .delete, .reaction, .pin, .unpin, .pollQuestion,
            .pollSetting, .optionAdd, .optionText, .optionRemove, .vote, .readMark, .flag,
            .importRun:
            false
        }
    }
}
