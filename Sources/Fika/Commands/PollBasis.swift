import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

/// Finds under which setting a person may act on a poll (rule M13).
enum PollBasis {
    static func forAdding(
        to poll: OpID, by user: UserID, _ inspector: LogInspector
    ) throws -> Basis {
        guard let found = try inspector.op(poll), let content = try? ChatOp.decode(found.op),
            case .poll(let creation) = content
        else { throw StoreError.refused(.unknownTarget) }
        if found.user == user { return .creator }
        let named: PollSettings = [.anyoneAdds, .anyoneEdits]
        if !creation.settings.isDisjoint(with: named) { return .poll }
        var basis: Dot?
        try inspector.forEachOp(of: poll.log) { inspected in
            guard inspected.op.target == poll.dot,
                let content = try? ChatOp.decode(inspected.op),
                case .pollSetting(let change, _) = content, change.isOn,
                change.setting != .allowsMultiple
            else { return true }
            basis = inspected.op.id.dot
            return true
        }
        guard let basis else {
            throw StoreError.refused(.notAllowed("only the poll's creator adds options"))
        }
        return .setting(basis)
    }
}
