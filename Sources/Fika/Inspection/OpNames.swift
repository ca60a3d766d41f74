import FikaChat
import FikaCRDT
import FikaLog

/// What ops are called, and what they say in a few words.
enum OpNames {
    static func name(_ kind: Kind) -> String {
        ChatKind(kind).map { "\($0)" } ?? "kind \(kind.number)"
    }

    static func known(_ name: String) -> Kind? {
        ChatKind.allCases.first { "\($0)" == name }?.kind
    }

    /// The text that an op carries for people; nil where it has none.
    static func text(_ op: Op) -> String? {
        guard let content = try? ChatOp.decode(op) else { return nil }
        return text(content)
    }

    private static func text(_ content: ChatOp) -> String? {
        switch content {
        case .message(let body, _), .edit(let body, _): body.text
        case .name(let body), .about(let body): body.text
        case .poll(let body): body.question
        case .pollQuestion(let body, _): body.text
        case .optionAdd(let body, _): body.text
        case .optionText(let body, _): body.text
        case .create(let body): body.name
        case .imported(let body): body.text
        case .reaction(let body, _): body.emoji
        case .void, .introduction, .grant, .revoke, .leave, .close, .delete, .pin, .unpin,
            .pollSetting, .optionRemove, .vote, .readMark, .flag, .importRun, .unsupported:
            nil
        }
    }

    /// One line on what an op says.
    static func summary(_ op: Op) -> String {
        if op.body == nil { return "erased" }
        do {
            return try ChatOp.decode(op).map(summary) ?? "erased"
        } catch {
            return "malformed: \(error)"
        }
    }

    private static func summary(_ content: ChatOp) -> String {
        if let text = textWithDetail(content) { return text }
        return switch content {
        case .introduction(let body):
            body.user.map { "\($0) on \(body.deviceName.isEmpty ? "a device" : body.deviceName)" }
                ?? "a relay"
        case .grant(let grant): "\(grant.user) as \(grant.role)"
        case .close(let close): "\(close.replica) after \(close.seq): \(close.reason)"
        case .unpin(let body, _): "ends \(body.pins.count) pins"
        case .pollSetting(let body, _): "\(body.setting) \(body.isOn ? "on" : "off")"
        case .optionRemove(let body, _): option(body.option)
        case .vote(let body, _):
            body.choices.map { "\(option($0.option)) \($0.isOn ? "on" : "off")" }
                .joined(separator: ", ")
        case .readMark(let body):
            "\(body.log): \(body.marks.reduce(0) { $0 + $1.seqs.intervals.count }) ranges"
        case .flag(let body): "\(body.log): \(body.name) \(body.isOn ? "on" : "off")"
        case .importRun(let body): "\(body.source) \(body.channel)"
        case .unsupported(_, _, let body): "\(body.count) bytes"
        case .void, .revoke, .leave, .delete, .pin, .create, .name, .about, .message, .edit,
            .reaction, .poll, .pollQuestion, .optionAdd, .optionText, .imported:
            ""
        }
    }

    private static func textWithDetail(_ content: ChatOp) -> String? {
        if case .reaction(let body, _) = content {
            return "\(body.emoji) \(body.isOn ? "on" : "off")"
        }
        if case .imported(let body) = content, !body.author.isEmpty {
            return "<\(body.author)> \(body.text)"
        }
        return text(content)
    }

    private static func option(_ option: OptionRef) -> String {
        switch option {
        case .own(let number): "option \(number)"
        case .added(let dot): "option \(MessageID(LogID(high: 0, low: 0), dot).short)"
        }
    }
}
