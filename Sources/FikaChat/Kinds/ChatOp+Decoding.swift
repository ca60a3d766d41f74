package import FikaCRDT
package import FikaLog
package import FikaWire

extension ChatOp {
    /// Decodes a body of any kind; the op counts only if this succeeds (rule M2).
    ///
    /// An unknown kind is no error. A target where the kind forbids one, or none where it needs
    /// one, is `unknownValue` at offset 0 with the kind's number.
    package static func decode(
        kind: Kind, target: Dot?, body: [UInt8]
    ) throws(WireError) -> ChatOp {
        guard body.count <= Limits.bodyBytesMaximum else {
            throw .aboveLimit(
                offset: 0, value: UInt64(body.count), limit: UInt64(Limits.bodyBytesMaximum))
        }
        guard let known = ChatKind(kind) else {
            return .unsupported(kind, target: target, body: body)
        }
        switch (known.targetRule, target) {
        case (.allowed, _):
            return .message(try MessageBody(body: body), reply: target)
        case (.forbidden, nil):
            return try untargeted(known, body)
        case (.required, let target?):
            return try targeted(known, target, body)
        case (.forbidden, _), (.required, nil):
            throw .unknownValue(offset: 0, value: UInt64(kind.number))
        }
    }

    /// Decodes an op as the log holds it; nil once its body was erased.
    package static func decode(_ op: Op) throws(WireError) -> ChatOp? {
        guard let body = op.body else { return nil }
        return try decode(kind: op.kind, target: op.target, body: body)
    }

    private static func untargeted(
        _ kind: ChatKind, _ body: [UInt8]
    ) throws(WireError) -> ChatOp {
        switch kind {
        case .void: try empty(.void, body)
        case .leave: try empty(.leave, body)
        case .introduction: .introduction(try Introduction(body: body))
        case .create: .create(try Creation(body: body))
        case .grant: .grant(try Grant(body: body))
        case .close: .close(try Close(body: body))
        case .name: .name(try RoomText(body: body, limit: Limits.nameBytesMaximum))
        case .about: .about(try RoomText(body: body, limit: Limits.aboutBytesMaximum))
        case .poll: .poll(try PollCreation(body: body))
        case .readMark: .readMark(try ReadMarkBody(body: body))
        case .flag: .flag(try LogFlag(body: body))
        case .importRun: .importRun(try ImportRun(body: body))
        case .imported: .imported(try ImportedMessage(body: body))
        case .message, .revoke, .edit, .delete, .reaction, .pin, .unpin, .pollQuestion,
            .pollSetting, .optionAdd, .optionText, .optionRemove, .vote:
            throw .unknownValue(offset: 0, value: UInt64(kind.rawValue))
        }
    }

    private static func targeted(
        _ kind: ChatKind, _ target: Dot, _ body: [UInt8]
    ) throws(WireError) -> ChatOp {
        switch kind {
        case .revoke: try empty(.revoke(target), body)
        case .delete: try empty(.delete(target), body)
        case .pin: try empty(.pin(target), body)
        case .edit: .edit(try MessageBody(body: body), of: target)
        case .reaction: .reaction(try Reaction(body: body), to: target)
        case .unpin: .unpin(try Unpin(body: body), of: target)
        case .pollQuestion: .pollQuestion(try PollQuestion(body: body), of: target)
        case .pollSetting: .pollSetting(try PollSettingChange(body: body), of: target)
        case .optionAdd: .optionAdd(try OptionAddition(body: body), to: target)
        case .optionText: .optionText(try OptionText(body: body), of: target)
        case .optionRemove: .optionRemove(try OptionRemoval(body: body), of: target)
        case .vote: .vote(try Vote(body: body), on: target)
        case .void, .introduction, .create, .grant, .leave, .close, .name, .about, .message,
            .poll, .readMark, .flag, .importRun, .imported:
            throw .unknownValue(offset: 0, value: UInt64(kind.rawValue))
        }
    }

    private static func empty(_ op: ChatOp, _ body: [UInt8]) throws(WireError) -> ChatOp {
        guard body.isEmpty else { throw .trailingBytes(offset: 0) }
        return op
    }
}
