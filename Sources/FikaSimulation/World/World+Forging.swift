import FikaCRDT
import FikaChat
import FikaLog

// A device whose person means it ill.
extension World {
    /// Says something as if it were somebody else's message, said again; it counts for nobody.
    func forge(_ index: Int, in log: LogID) throws {
        guard let holder = clients[index].holder as? WorldHolder else { return }
        let own = clients[index].device.user
        let authors = Dictionary(
            holder.ops(of: log).compactMap { held -> (ReplicaID, UserID?)? in
                guard held.op.kind == ChatKind.introduction.kind,
                    case .introduction(let introduction)? = try? ChatOp.decode(held.op)
                else { return nil }
                return (held.op.id.dot.replica, introduction.user)
            }, uniquingKeysWith: { first, _ in first })
        let messages = holder.ops(of: log).map(\.op).filter {
            $0.kind == ChatKind.message.kind && authors[$0.id.dot.replica] != own
        }
        guard !messages.isEmpty else { return }
        note("client \(index) forges")
        counts.add(.faults, "forgery")
        try holder.forge("forged \(textCount)", of: random.pick(messages))
        changed(index)
    }
}
