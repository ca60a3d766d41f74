import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

/// Lets the ops that act on one thing compete as the data model says: among those that count and
/// write the same register the latest wins.
struct Contest {
    let history: AccessHistory
    private var entries: [Entry] = []

    private struct Entry {
        let op: InspectedOp
        /// What it writes: entries with one name compete, nil competes with none.
        var register: String?
        var verdict: Explanation.Verdict
        let rule: String
        var reason: String
    }

    init(history: AccessHistory) {
        self.history = history
    }

    mutating func make(_ op: InspectedOp, rule: String, reason: String) {
        entries.append(Entry(op: op, verdict: .made, rule: rule, reason: reason))
    }

    mutating func ignore(_ op: InspectedOp, rule: String, reason: String) {
        entries.append(Entry(op: op, verdict: .ignored, rule: rule, reason: reason))
    }

    /// Takes an op that acts on a row.
    mutating func enter(_ op: InspectedOp, on row: InspectedOp) {
        guard let kind = ChatKind(op.op.kind), kind != .message else { return }
        if let refusal = refusal(of: op, kind, row: row) {
            return ignore(op, rule: refusal.rule, reason: refusal.reason)
        }
        guard let content = try? ChatOp.decode(op.op) else {
            return ignore(op, rule: "M2", reason: "its body is erased or malformed")
        }
        let user = op.user?.text ?? ""
        switch content {
        case .edit: win(op, "text", "M5", "an edit")
        case .delete: win(op, "delete", "M6", "a delete hides the row for good")
        case .reaction(let body, _):
            win(op, "reaction \(user) \(body.emoji)", "M8", "says \(body.isOn ? "on" : "off")")
        case .pin: win(op, nil, "M9", "a pin")
        case .unpin(let body, _):
            end(body.pins)
            win(op, nil, "M9", "ends the pins that it names")
        case .pollQuestion: win(op, "question", "M12", "the question")
        case .pollSetting(let body, _): win(op, "\(body.setting)", "M12", "a setting")
        case .optionText(let body, _): win(op, "text \(body.option)", "M12", "an option's text")
        case .optionAdd: win(op, nil, "M14", "adds an option")
        case .optionRemove: win(op, nil, "M15", "hides the option and its votes for good")
        case .vote(let body, _):
            for choice in body.choices {
                let word = choice.isOn ? "a vote" : "a vote taken back"
                win(op, "vote \(user) \(choice.option)", "M16", word)
            }
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .message, .poll, .readMark, .flag, .importRun, .imported, .unsupported:
            ignore(op, rule: "M2", reason: "its kind does not act on a row")
        }
    }

    /// Of a poll with a single answer only the latest vote counts, those that name an option that
    /// is shown with it; the others are kept and do not count now.
    mutating func keepVotes(for options: [OptionRef]) {
        for index in entries.indices where entries[index].verdict == .won {
            guard case .vote(let vote, _) = try? ChatOp.decode(entries[index].op.op) else {
                continue
            }
            let chosen = vote.choices.filter(\.isOn).map(\.option)
            if !chosen.isEmpty, !chosen.contains(where: options.contains) {
                entries[index].verdict = .lost
                entries[index].reason = "another vote is the latest, and one counts"
            }
        }
    }

    /// Takes an op that may name the room.
    mutating func enterName(_ op: InspectedOp) {
        if op.op.kind == ChatKind.create.kind {
            guard history.verdict(of: op.op.id.dot) == .counted else {
                return ignore(op, rule: "F3", reason: "it did not make this room")
            }
            return win(op, "name", "M11", "the room's first name")
        }
        if let refusal = refusal(of: op, .name, row: nil) {
            return ignore(op, rule: refusal.rule, reason: refusal.reason)
        }
        win(op, "name", "M11", "a later name")
    }

    /// The ops in the order of their stamps, with what came of each.
    func explanation(subject: String, result: String) -> Explanation {
        Explanation(
            subject: subject, result: result,
            steps: settled().map {
                Explanation.Step(
                    op: OpEntry($0.op), verdict: $0.verdict, rule: $0.rule, reason: $0.reason)
            })
    }

    private mutating func win(
        _ op: InspectedOp, _ register: String?, _ rule: String, _ reason: String
    ) {
        for index in entries.indices where register != nil && entries[index].register == register {
            entries[index].verdict = .lost
        }
        entries.append(
            Entry(op: op, register: register, verdict: .won, rule: rule, reason: reason))
    }

    /// Ends pins; the ops come by stamp, and an unpin may come before its pin, so all are noted.
    private mutating func end(_ pins: [Dot]) {
        ended.formUnion(pins)
    }

    private var ended: Set<Dot> = []

    private func settled() -> [Entry] {
        let isDeleted = entries.contains {
            $0.verdict == .won && $0.op.op.kind == ChatKind.delete.kind
        }
        return entries.map { entry in
            var entry = entry
            let kind = ChatKind(entry.op.op.kind)
            if kind == .pin, ended.contains(entry.op.op.id.dot), entry.verdict == .won {
                entry.verdict = .lost
            }
            let outlives = kind == .delete || entry.verdict != .won
            if isDeleted, !outlives, kind != .name, kind != .create { entry.verdict = .lost }
            return entry
        }
    }

    private func refusal(
        of op: InspectedOp, _ kind: ChatKind, row: InspectedOp?
    ) -> (rule: String, reason: String)? {
        guard let user = op.user else { return ("F10", "a relay writes no content") }
        if let row, let target = ChatKind(row.op.kind), !Permissions.canAim(kind, at: target) {
            return ("M2", "it cannot act on this kind of row")
        }
        let refusal = history.refusal(
            of: kind, op.op.id.dot, by: user, at: op.point, rowAuthor: row?.user)
        switch refusal {
        case nil: return nil
        case .notMember: return ("F9", "\(user) was not a member then")
        case .notModerator: return ("F9", "\(user) was no moderator then")
        case .notAuthor: return (kind == .edit ? "M5" : "M6", "\(user) did not write the row")
        case .notHere: return ("F9", "the room is not for ops of this kind")
        case .notAllowedByPoll: return ("M13", "the poll's settings do not let \(user)")
        case .beyondClose: return ("F8", "its replica was closed before")
        }
    }
}
