import FikaCRDT
import FikaChat
import FikaLog

/// One poll, read from the ops that count (rules M12 to M17).
struct ModelPoll {
    private struct Option {
        let ref: OptionRef
        let rank: [UInt8]
        let write: ModelWrite
        var number = 0
        var text: (write: ModelWrite, text: String)
    }

    /// One user's latest word on one option.
    private struct Flag {
        let write: ModelWrite
        let option: OptionRef
        let isOn: Bool
    }

    private let judgement: ModelJudgement
    private var question: (write: ModelWrite, text: String)
    private var settings: [PollSetting: (write: ModelWrite, isOn: Bool)] = [:]
    private var options: [Option] = []
    private var removed: Set<OptionRef> = []
    private var flags: [UserID: [OptionRef: Flag]] = [:]

    init(_ poll: ModelOp, _ creation: PollCreation, id: Dot, _ judgement: ModelJudgement) {
        self.judgement = judgement
        question = (poll.write, creation.question)
        for setting in PollSetting.allCases {
            settings[setting] = (poll.write, creation.settings.contains(setting))
        }
        for (index, text) in creation.options.enumerated() {
            let number = index + 1
            let rank = UInt16(number) * 256
            options.append(
                Option(
                    ref: .own(number), rank: [UInt8(rank >> 8), UInt8(rank & 255)],
                    write: poll.write, number: number, text: (poll.write, text)))
        }
        let ours = judgement.counting.filter { entry in
            entry.op.op.target.map { judgement.identity.resolve($0) } == id
        }
        for (id, op) in ours { addOption(op, id) }
        for (_, op) in ours { apply(op) }
    }

    private mutating func addOption(_ op: ModelOp, _ id: Dot) {
        guard case .says(.optionAdd(let addition, _)) = op.body else { return }
        options.append(
            Option(
                ref: .added(id), rank: addition.rank, write: op.write,
                text: (op.write, addition.text)))
    }

    /// Ops come in the order of writes, so the last word stays.
    private mutating func apply(_ op: ModelOp) {
        guard case .says(let says) = op.body else { return }
        switch says {
        case .pollQuestion(let body, _):
            if op.write > question.write { question = (op.write, body.text) }
        case .pollSetting(let body, _):
            if let known = settings[body.setting], op.write > known.write {
                settings[body.setting] = (op.write, body.isOn)
            }
        case .optionText(let body, _):
            for index in options.indices
            where options[index].ref == resolve(body.option)
                && op.write > options[index].text.write
            {
                options[index].text = (op.write, body.text)
            }
        case .optionRemove(let body, _):
            removed.insert(resolve(body.option))
        case .vote(let vote, _):
            guard let user = judgement.log.user(of: op) else { return }
            for choice in vote.choices {
                let option = resolve(choice.option)
                flags[user, default: [:]][option] =
                    Flag(write: op.write, option: option, isOn: choice.isOn)
            }
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .message, .edit, .delete, .reaction, .pin, .unpin, .poll, .optionAdd, .readMark,
            .flag, .importRun, .imported, .unsupported:
            break
        }
    }

    private func resolve(_ option: OptionRef) -> OptionRef {
        switch option {
        case .own: option
        case .added(let dot): .added(judgement.identity.resolve(dot))
        }
    }

    private func isOn(_ setting: PollSetting) -> Bool { settings[setting]?.isOn ?? false }

    var state: PollState {
        let shown = options.filter { !removed.contains($0.ref) }.sorted(by: Self.precedes)
        var lines: [PollOptionState] = []
        var folded: [[Unicode.Scalar]] = []
        let votes = votes(on: Set(shown.map(\.ref)))
        for option in shown {
            let text = Self.fold(option.text.text)
            let voters = votes[option.ref] ?? []
            if let line = folded.firstIndex(of: text) {
                lines[line].voters = Set(lines[line].voters + voters).sorted()
            } else {
                folded.append(text)
                lines.append(
                    PollOptionState(
                        option: option.ref, text: option.text.text, voters: voters.sorted()))
            }
        }
        return PollState(
            question: question.text, allowsMultiple: isOn(.allowsMultiple),
            anyoneAdds: isOn(.anyoneAdds), anyoneEdits: isOn(.anyoneEdits), options: lines)
    }

    /// Rule M14.
    private static func precedes(_ left: Option, _ right: Option) -> Bool {
        if left.rank.isEmpty != right.rank.isEmpty { return right.rank.isEmpty }
        if left.rank != right.rank { return left.rank.lexicographicallyPrecedes(right.rank) }
        if left.write != right.write { return left.write < right.write }
        if left.number != right.number { return left.number < right.number }
        return left.ref < right.ref
    }

    /// Rule M16.
    private func votes(on shown: Set<OptionRef>) -> [OptionRef: [UserID]] {
        var votes: [OptionRef: [UserID]] = [:]
        for (user, flags) in flags {
            let on = flags.values.filter { $0.isOn && shown.contains($0.option) }
                .sorted {
                    $0.write != $1.write ? $0.write < $1.write : $0.option < $1.option
                }
            for flag in isOn(.allowsMultiple) ? on : on.suffix(1) {
                votes[flag.option, default: []].append(user)
            }
        }
        return votes
    }

    /// Rule M17: what makes two texts one line.
    private static func fold(_ text: String) -> [Unicode.Scalar] {
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
        var scalars = Array(text.unicodeScalars.drop(while: isBlank))
        while let last = scalars.last, isBlank(last) { scalars.removeLast() }
        return scalars.flatMap { Array($0.properties.lowercaseMapping.unicodeScalars) }
    }
}
