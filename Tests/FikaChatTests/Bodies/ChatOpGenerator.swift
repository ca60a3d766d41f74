import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport

/// Draws ops of every kind, bodies well-formed.
extension SplitMix64 {
    mutating func chatOp(_ kind: ChatKind) -> ChatOp {
        let target = dot()
        return switch kind {
        case .void: .void
        case .introduction: .introduction(introduction())
        case .create: .create(creation())
        case .grant:
            .grant(
                Grant(user: person(), role: pick(Role.allCases), leave: bool() ? dot() : nil))
        case .revoke: .revoke(target)
        case .leave: .leave
        case .close:
            .close(
                Close(
                    replica: replica(), seq: number(in: 0...Limits.seqMaximum),
                    chain: hash(), reason: pick(CloseReason.allCases)))
        case .name: .name(RoomText(text()))
        case .about: .about(RoomText(text()))
        case .message: .message(message(), reply: bool() ? target : nil)
        case .edit: .edit(message(), of: target)
        case .delete: .delete(target)
        case .reaction:
            .reaction(Reaction(pick(["👍", "é", "e\u{301}", "x"]), isOn: bool()), to: target)
        case .pin: .pin(target)
        case .unpin: .unpin(Unpin(pins: array(count: 1...4) { $0.dot() }), of: target)
        case .poll: .poll(poll())
        case .pollQuestion: .pollQuestion(PollQuestion(basis: basis(), text: text()), of: target)
        case .pollSetting:
            .pollSetting(
                PollSettingChange(
                    basis: basis(), setting: pick(PollSetting.allCases), isOn: bool()),
                of: target)
        case .optionAdd:
            .optionAdd(
                OptionAddition(basis: basis(), rank: bytes(count: 0...5), text: text()),
                to: target)
        case .optionText:
            .optionText(OptionText(basis: basis(), option: option(), text: text()), of: target)
        case .optionRemove:
            .optionRemove(OptionRemoval(basis: basis(), option: option()), of: target)
        case .vote: .vote(vote(), on: target)
        case .readMark: .readMark(readMark())
        case .flag:
            .flag(LogFlag(log: log(), name: pick(LogFlag.Name.allCases), isOn: bool()))
        case .importRun: .importRun(ImportRun(source: text(), channel: text()))
        case .imported: .imported(imported())
        }
    }

    mutating func person() -> UserID { user(pick(["ann", "bo", "emma", "omid", "åsa"])) }

    mutating func hash() -> Digest { digest(number(in: 0...255)) }

    mutating func message() -> MessageBody {
        MessageBody(text: text(), mentions: array(count: 0...3) { $0.person() })
    }

    mutating func basis() -> Basis { pick([.creator, .poll, .setting(dot())]) }

    mutating func option() -> OptionRef { bool() ? .own(number(in: 1...64)) : .added(dot()) }

    mutating func vote() -> Vote {
        Vote(Set(array(count: 1...4) { $0.option() }).sorted().map { VoteChoice($0, isOn: bool()) })
    }

    mutating func poll() -> PollCreation {
        PollCreation(
            settings: PollSettings(rawValue: number(in: 0...7)), question: text(),
            options: array(count: 0...4) { $0.text() })
    }

    mutating func imported() -> ImportedMessage {
        let type = pick(ImportedType.allCases)
        return ImportedMessage(
            type: type, author: type == .event ? "" : text(count: 0...6),
            ordinal: bool() ? 0 : max(1, magnitude()), text: text())
    }

    mutating func creation() -> Creation {
        Creation(
            kind: pick(RoomKind.allCases), workspace: WorkspaceID(high: next(), low: next()),
            nonce: bytes(count: 16...16), name: text(), about: text())
    }

    mutating func readMark() -> ReadMarkBody {
        let replicas = Set(array(count: 1...3) { $0.replica() }).sorted()
        return ReadMarkBody(
            log: log(),
            marks: replicas.map { replica in
                let intervals = array(count: 1...4) { generator -> ClosedRange<UInt64> in
                    let start: UInt64 = generator.number(in: 1...Limits.seqMaximum)
                    return start...min(Limits.seqMaximum, start + generator.number(in: 0...300))
                }
                return ReplicaMarks(replica: replica, seqs: IntervalSet(intervals))
            })
    }

    mutating func introduction() -> Introduction {
        let key = DeviceKey(using: &self).publicKey
        let workspace = WorkspaceID(high: next(), low: next())
        return Introduction(
            publicKey: key, incarnation: Incarnation(using: &self), user: person(),
            deviceName: text(),
            preimage: bool()
                ? nil : LogPreimage(workspace: workspace, kind: .personal, users: [person()]))
    }
}
