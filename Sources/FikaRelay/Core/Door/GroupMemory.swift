import FikaCRDT
import FikaLog

/// What the frames of one group bring, while none of it is stored.
struct GroupMemory {
    private var cards: [OpID: Card] = [:]
    private var ends: [OpID: ChainEnd] = [:]

    /// A replica's last op and the chain value after it.
    struct ChainEnd {
        var seq: UInt64
        var chain: Digest
    }

    func card(of replica: ReplicaID, in log: LogID) -> Card? {
        cards[OpID(log: log, replica: replica, seq: 1)]
    }

    func end(of replica: ReplicaID, in log: LogID) -> ChainEnd? {
        ends[OpID(log: log, replica: replica, seq: 1)]
    }

    mutating func note(_ segment: VerifiedSegment) {
        for card in segment.newCards {
            cards[OpID(log: segment.log, replica: card.replica, seq: 1)] = card
        }
        for run in segment.runs {
            let key = OpID(log: segment.log, replica: run.replica, seq: 1)
            if ends[key].map({ $0.seq < run.last }) ?? true {
                ends[key] = ChainEnd(seq: run.last, chain: run.end)
            }
        }
    }
}
