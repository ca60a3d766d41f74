import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

/// Tells for each access op that concerns a user what it did to their membership.
struct MembershipReasons {
    let user: UserID
    let history: AccessHistory
    private(set) var steps: [Explanation.Step] = []

    init(user: UserID, history: AccessHistory) {
        self.user = user
        self.history = history
    }

    mutating func add(_ op: InspectedOp) {
        guard let content = try? ChatOp.decode(op.op) else { return }
        let dot = op.op.id.dot
        switch content {
        case .create where op.user == user: step(op, "F3", "makes its author a moderator")
        case .grant(let grant) where grant.user == user:
            step(op, "F4", "lets \(user) in as \(grant.role)")
        case .revoke(let grant) where history.grantedUser(grant) == user:
            step(op, "F5", "ends the grant \(MessageID(op.op.id.log, grant).short)")
        case .leave where op.user == user: step(op, "F6", "\(user) leaves")
        case .close(let close): closed(close, op, dot)
        case .create, .grant, .revoke, .leave, .void, .introduction, .name, .about, .message,
            .edit, .delete, .reaction, .pin, .unpin, .poll, .pollQuestion, .pollSetting,
            .optionAdd, .optionText, .optionRemove, .vote, .readMark, .flag, .importRun,
            .imported, .unsupported:
            break
        }
    }

    private mutating func closed(_ close: Close, _ op: InspectedOp, _ dot: Dot) {
        let writers = Set(history.ops.filter { $0.author.user == user }.map(\.dot.replica))
        guard writers.contains(close.replica) else { return }
        step(op, "F8", "closes a replica of \(user) after its op \(close.seq)")
    }

    private mutating func step(_ op: InspectedOp, _ rule: String, _ reason: String) {
        let dot = op.op.id.dot
        let standing = Set(history.grantsInEffect(of: user))
        let isGrant = op.op.kind == ChatKind.grant.kind || op.op.kind == ChatKind.create.kind
        let (verdict, words): (Explanation.Verdict, String) =
            switch history.verdict(of: dot) {
            case .counted:
                (isGrant && !standing.contains(dot) ? .lost : .won, reason)
            case .withoutEffect(let refusal): (.lost, "\(reason), without effect: \(refusal)")
            case .ignored(let refusal): (.ignored, "\(reason), but: \(refusal)")
            case .waiting: (.ignored, "\(reason); what it names is not here yet")
            case nil: (.ignored, reason)
            }
        steps.append(
            Explanation.Step(op: OpEntry(op), verdict: verdict, rule: rule, reason: words))
    }
}
