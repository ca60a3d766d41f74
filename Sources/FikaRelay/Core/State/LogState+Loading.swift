import FikaCRDT
import FikaChat
import FikaLog

extension LogState {
    /// Loads what is known of a log; nil when nothing of it was accepted.
    static func load<Log: RelayLog>(
        _ id: LogID, from log: Log, trusting keys: Set<PublicKey>
    ) throws -> LogState? {
        guard let order = try log.order(of: id) else { return nil }
        let accepted = try log.acceptedReplicas(of: id)
        var cards: [ReplicaID: Card] = [:]
        for replica in accepted {
            cards[replica.replica] = try log.card(of: replica.replica, in: id)
        }
        let preimage = accepted.lazy.compactMap {
            cards[$0.replica]?.introduction.preimage
        }.first
        let fold = AccessFold(log: id, preimage: preimage, trustedRelays: keys)
        let ops = try accessOps(of: id, in: log, authors: cards)
        var state = LogState(order: order, history: fold.history(of: ops))
        state.cards = cards
        state.erasedImports = try log.erasedImports(of: id)
        for var replica in accepted {
            if PlantedBug.forgetsCloses.isPlanted { replica.closedAt = nil }
            state.set(replica)
        }
        return state
    }

    private static func accessOps<Log: RelayLog>(
        of id: LogID, in log: Log, authors: [ReplicaID: Card]
    ) throws -> [AccessOp] {
        var ops: [AccessOp] = []
        var after: UInt64 = 0
        while true {
            let early = try log.early(in: id, after: after, limit: 1024)
            guard let last = early.last else { return ops }
            after = last.position
            for entry in early {
                let seq = entry.dot.seq
                guard let card = authors[entry.dot.replica],
                    let op = try log.ops(of: entry.dot.replica, in: id, seqs: seq...seq).first,
                    let folded = AccessOp(op, at: entry.position, by: card.introduction)
                else { continue }
                ops.append(folded)
            }
        }
    }
}

extension AccessOp {
    /// Reads an accepted op; nil when it is of another kind, or malformed.
    init?(_ op: Op, at position: UInt64, by introduction: Introduction) {
        guard KindFlags(of: op.kind).contains(.access),
            let content = (try? ChatOp.decode(op)) ?? nil
        else { return nil }
        self.init(
            point: .accepted(position), dot: op.id.dot, author: AccessAuthor(introduction),
            content: content)
    }
}
