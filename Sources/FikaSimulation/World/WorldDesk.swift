import FikaCRDT
import FikaChat

import FikaLog

/// What a person sees of one log at the moment of doing something.
struct WorldDesk {
    let log: LogID
    let user: UserID
    let ops: [Op]
    private let authors: [ReplicaID: UserID]

    init(_ store: any SimulatedStore, of user: UserID, log: LogID) throws {
        self.log = log
        self.user = user
        ops = try store.ops(of: log).map(\.op)
        var authors: [ReplicaID: UserID] = [:]
        for op in ops where op.id.dot.seq == 1 {
            if case .introduction(let introduction) = try? ChatOp.decode(op) {
                authors[op.id.dot.replica] = introduction.user
            }
        }
        self.authors = authors
    }

    func author(of op: Op) -> UserID? { authors[op.id.dot.replica] }

    func ops(of kinds: ChatKind...) -> [Op] {
        ops.filter { op in kinds.contains { $0.kind == op.kind } }
    }

    /// The users that some grant lets in, and the grant.
    var grants: [(dot: Dot, user: UserID)] {
        ops(of: .grant).compactMap { op in
            guard case .grant(let grant) = try? ChatOp.decode(op) else { return nil }
            return (op.id.dot, grant.user)
        }
    }

    func newestLeave(of user: UserID) -> Dot? {
        ops(of: .leave).filter { author(of: $0) == user }.max { $0.stamp < $1.stamp }?.id.dot
    }

    /// What there is to choose in a poll.
    func options(of poll: Op) -> [OptionRef] {
        guard case .poll(let creation) = try? ChatOp.decode(poll) else { return [] }
        let added = ops(of: .optionAdd).filter { $0.target == poll.id.dot }
        return creation.options.indices.map { .own($0 + 1) } + added.map { .added($0.id.dot) }
    }

    /// All that is held, as read, but for one op.
    func marks(but unread: Dot?) -> [ReplicaMarks] {
        var seqs: [ReplicaID: IntervalSet] = [:]
        for op in ops where op.id.dot != unread {
            seqs[op.id.dot.replica, default: IntervalSet()].insert(op.id.dot.seq)
        }
        return seqs.keys.sorted().map { ReplicaMarks(replica: $0, seqs: seqs[$0] ?? IntervalSet()) }
    }
}
