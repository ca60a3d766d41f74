import FikaChat
import FikaCRDT
import FikaLog

extension AccessHistory {
    /// The grants, or the create, that let a user in now: what a removal has to end.
    func grantsInEffect(of user: UserID) -> [Dot] {
        var grants: [Dot] = []
        for op in ops where verdict(of: op.dot) == .counted {
            switch op.content {
            case .create where op.author.user == user: grants.append(op.dot)
            case .grant(let grant) where grant.user == user: grants.append(op.dot)
            case .revoke(let dot): grants.removeAll { $0 == dot }
            case .leave where op.author.user == user: grants = []
            case .create, .grant, .leave, .void, .introduction, .close, .name, .about, .message,
                .edit, .delete, .reaction, .pin, .unpin, .poll, .pollQuestion, .pollSetting,
                .optionAdd, .optionText, .optionRemove, .vote, .readMark, .flag, .importRun,
                .imported, .unsupported:
                break
            }
        }
        return grants
    }

    /// The newest leave of a user that counts: a grant that knows it lets them in again.
    func newestLeave(of user: UserID) -> Dot? {
        ops.last { op in
            op.content == .leave && op.author.user == user
                && verdict(of: op.dot)?.counts == true
        }?.dot
    }
}
