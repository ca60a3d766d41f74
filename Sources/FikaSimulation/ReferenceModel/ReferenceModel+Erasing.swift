package import FikaCRDT
import FikaChat
import FikaLog

extension ReferenceModel {
    /// The ops of an input as they are once every accepted delete has destroyed its bodies (E1).
    ///
    /// What is shown must be the same before and after.
    package static func erased(_ input: ModelInput) -> [HeldOp] {
        let log = ModelLog(id: input.log, held: input.ops)
        let judgement = ModelJudgement(log: log, trustedRelays: input.trustedRelays)
        let doomed = doomed(log, judgement)
        return log.inOrder.map { op in
            guard doomed.contains(op.dot) else { return op.held }
            return HeldOp(
                op: op.op.erased(residue: judgement.identity.residue(of: op)),
                position: op.held.position)
        }
    }

    /// The ops whose bodies accepted deletes destroy.
    package static func doomed(_ input: ModelInput) -> Set<Dot> {
        let log = ModelLog(id: input.log, held: input.ops)
        return doomed(log, ModelJudgement(log: log, trustedRelays: input.trustedRelays))
    }

    private static func doomed(_ log: ModelLog, _ judgement: ModelJudgement) -> Set<Dot> {
        var gone: Set<Dot> = []
        for (_, op) in judgement.counting where op.kind == .delete && op.held.position != nil {
            guard let target = op.op.target else { continue }
            gone.formUnion(judgement.identity.ids(of: judgement.identity.resolve(target)))
        }
        var doomed: Set<Dot> = []
        for op in log.inOrder {
            guard let kind = op.kind, kind.flags.contains(.salted) else { continue }
            let isAimed = kind != .message && op.op.target.map { gone.contains($0) } ?? false
            if gone.contains(op.dot) || isAimed { doomed.insert(op.dot) }
        }
        return doomed
    }
}

extension ModelIdentity {
    /// What stays of an imported line; nothing of any other op.
    func residue(of op: ModelOp) -> [UInt8] {
        if case .erased(_, let residue) = op.body { return residue }
        guard op.kind == .imported, case .success(let run) = run(of: op) else { return [] }
        return key(of: op, run) ?? []
    }
}
