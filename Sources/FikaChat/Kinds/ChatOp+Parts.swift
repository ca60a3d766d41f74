package import FikaCRDT
package import FikaLog

extension ChatOp {
    package var kind: Kind {
        if case .unsupported(let kind, _, _) = self { return kind }
        return known?.kind ?? .void
    }

    /// The kind, nil when this version does not know it.
    package var known: ChatKind? {
        switch self {
        case .void: .void
        case .introduction: .introduction
        case .create: .create
        case .grant: .grant
        case .revoke: .revoke
        case .leave: .leave
        case .close: .close
        case .name: .name
        case .about: .about
        case .message: .message
        case .edit: .edit
        case .delete: .delete
        case .reaction: .reaction
        case .pin: .pin
        case .unpin: .unpin
        case .poll: .poll
        case .pollQuestion: .pollQuestion
        case .pollSetting: .pollSetting
        case .optionAdd: .optionAdd
        case .optionText: .optionText
        case .optionRemove: .optionRemove
        case .vote: .vote
        case .readMark: .readMark
        case .flag: .flag
        case .importRun: .importRun
        case .imported: .imported
        case .unsupported: nil
        }
    }

    /// The op that this one aims at.
    package var target: Dot? {
        switch self {
        case .revoke(let dot), .delete(let dot), .pin(let dot), .edit(_, let dot),
            .reaction(_, let dot), .unpin(_, let dot), .pollQuestion(_, let dot),
            .pollSetting(_, let dot), .optionAdd(_, let dot), .optionText(_, let dot),
            .optionRemove(_, let dot), .vote(_, let dot):
            dot
        case .message(_, let dot), .unsupported(_, let dot, _):
            dot
        case .void, .introduction, .create, .grant, .leave, .close, .name, .about, .poll,
            .readMark, .flag, .importRun, .imported:
            nil
        }
    }

    /// The canonical bytes of the body.
    package var body: [UInt8] {
        switch self {
        case .void, .revoke, .leave, .delete, .pin: []
        case .introduction(let body): body.body
        case .create(let body): body.body
        case .grant(let body): body.body
        case .close(let body): body.body
        case .name(let body), .about(let body): body.body
        case .message(let body, _), .edit(let body, _): body.body
        case .reaction(let body, _): body.body
        case .unpin(let body, _): body.body
        case .poll(let body): body.body
        case .pollQuestion(let body, _): body.body
        case .pollSetting(let body, _): body.body
        case .optionAdd(let body, _): body.body
        case .optionText(let body, _): body.body
        case .optionRemove(let body, _): body.body
        case .vote(let body, _): body.body
        case .readMark(let body): body.body
        case .flag(let body): body.body
        case .importRun(let body): body.body
        case .imported(let body): body.body
        case .unsupported(_, _, let body): body
        }
    }

    /// Under what an op that changes a poll was written (rule M13); nil for any other.
    package var basis: Basis? {
        switch self {
        case .pollQuestion(let body, _): body.basis
        case .pollSetting(let body, _): body.basis
        case .optionAdd(let body, _): body.basis
        case .optionText(let body, _): body.basis
        case .optionRemove(let body, _): body.basis
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .message, .edit, .delete, .reaction, .pin, .unpin, .poll, .vote, .readMark, .flag,
            .importRun, .imported, .unsupported:
            nil
        }
    }
}
