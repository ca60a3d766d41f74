import FikaCRDT
import FikaChat
import FikaLog

extension Eraser {
    /// What stands in one place: an op, and what is said again of it (rule M24).
    struct NamedOps {
        /// All names by which it goes, rising.
        var dots: [Dot]
        /// Those of them that are accepted; first the one that stands.
        var ops: [Op]
    }

    /// All that goes by a name, whether it is that of an op that came or of one that never did.
    func name<Log: RelayLog>(_ dot: Dot, _ log: Log) throws -> NamedOps {
        guard let op = try op(dot, log), let origin = op.origin, isOwner(of: origin.dot, dot)
        else { return try name(dot, saying: nil, log) }
        return try name(origin.dot, saying: origin.bodyHash, log)
    }

    /// What stands where an op stood first; `body` names a copy that may say something else than
    /// that one, and then stands for itself.
    private func name<Log: RelayLog>(
        _ origin: Dot, saying body: Digest?, _ log: Log
    ) throws -> NamedOps {
        let original = try op(origin, log)
        let copies = try copies(of: origin, log)
        let first = original?.bodyHash ?? copies.first?.origin?.bodyHash
        let said = body ?? first
        let same = copies.filter { $0.origin?.bodyHash == said }
        let ops = (said == first ? original.map { [$0] } ?? [] : []) + same
        let own = Set(same.map(\.id.dot))
        return NamedOps(dots: (said == first ? own.union([origin]) : own).sorted(), ops: ops)
    }

    /// What its author said again of an op, as it was accepted.
    private func copies<Log: RelayLog>(of origin: Dot, _ log: Log) throws -> [Op] {
        var copies: [(position: UInt64, op: Op)] = []
        for aim in try log.aims(at: origin, in: place.log) {
            guard let op = try op(aim, log), op.origin?.dot == origin, isOwner(of: origin, aim),
                let position = try position(of: aim, log)
            else { continue }
            copies.append((position, op))
        }
        return copies.sorted { $0.position < $1.position }.map(\.op)
    }

    /// Whether somebody said again what was theirs; of a replica that never came nobody knows more.
    private func isOwner(of origin: Dot, _ copy: Dot) -> Bool {
        guard let owner = place.cards[origin.replica]?.introduction,
            let writer = place.cards[copy.replica]?.introduction
        else { return true }
        return owner.user == writer.user && owner.publicKey == writer.publicKey
    }
}
