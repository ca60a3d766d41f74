import FikaCRDT
import FikaLog
import GRDB

extension LogReceipt {
    /// Verifies a segment, and says what storing it changes.
    ///
    /// Where another branch of a replica is held, the one that a relay accepted stands (rule U5):
    /// what is held gives way to it. A branch that nobody accepted is left out; nil when nothing
    /// else is left.
    mutating func planned(
        _ sealed: SealedSegment, _ placements: [Placement]
    ) throws -> PlannedSegment? {
        var rest = sealed
        var attempts: [ReplicaID: Int] = [:]
        while true {
            do {
                let verified = try writer.verify(rest, db)
                let plan = try AppendPlan.make(appending: verified, to: writer.log(db)).get()
                return PlannedSegment(verified: verified, plan: plan)
            } catch LogError.fork(let replica, let seq) {
                if placements.contains(where: { $0.replica == replica && $0.lastSeq >= seq }),
                    let row = try writer.catalog.row(of: replica, log: log, db)
                {
                    let attempt = attempts[replica, default: 0]
                    guard attempt < BranchCut.allCases.count else {
                        throw LogError.fork(replica, seq: seq)
                    }
                    try giveWay(BranchCut.allCases[attempt], row, replica, seq, rest)
                    attempts[replica] = attempt + 1
                } else {
                    guard let others = try rest.without(replica) else { return nil }
                    rest = others
                }
            }
        }
    }

    /// Which part of the held branch goes: first the least that may do.
    private enum BranchCut: CaseIterable {
        /// From the first op on that is known to differ; what comes joins there.
        case difference
        /// All that no relay accepted; the branches part below what comes.
        case pending
        case all
    }

    private mutating func giveWay(
        _ cut: BranchCut, _ row: Int64, _ replica: ReplicaID, _ seq: UInt64,
        _ sealed: SealedSegment
    ) throws {
        let sqlite = writer.log(db)
        var first: UInt64 = 1
        var tail: [Digest] = []
        switch cut {
        case .difference:
            let joins = sealed.segment.runs.contains {
                sealed.segment.replicas[Int($0.replica)] == replica
                    && $0.first <= seq && seq <= $0.last
            }
            guard joins else { return }
            first = seq
        case .pending:
            let accepted = try acceptances.last(ofReplica: row)?.seq ?? 0
            let have = try sqlite.have(ofRow: row)
            guard accepted < seq,
                let held = have.intervals.first(where: { $0.first <= accepted }),
                accepted <= held.last,
                let found = try sqlite.tail(of: replica, in: id, after: accepted, within: held)
            else { return }
            (first, tail) = (accepted + 1, found)
        case .all:
            break
        }
        let known = try acceptances.ranges(overlapping: keys(of: row, from: first))
        let introduces =
            sealed.cards.contains { $0.replica == replica }
            || sealed.segment.rows.contains {
                $0.seq == 1 && sealed.segment.dot($0).replica == replica
            }
        try writer.dropBranch(
            row, from: first, tail: tail, isIntroducedAnew: introduces, accepted: known, db)
        hasOps = true
        if known.contains(where: { $0.position <= sync?.cursor.position ?? 0 }) { try letGo() }
    }

    private func keys(of row: Int64, from seq: UInt64) -> ClosedRange<Int64> {
        OpKey(replica: row, seq: seq).raw...OpKey(replica: row, seq: Limits.seqMaximum).raw
    }
}

extension SQLiteLog {
    /// The hashes of the ops after a held one up to the seal that covers it; nil without one.
    fileprivate func tail(
        of replica: ReplicaID, in log: LogID, after seq: UInt64, within held: HaveInterval
    ) throws -> [Digest]? {
        let seals = try seals(of: replica, in: log, seqs: seq...held.sealedLast)
        guard let covered = seals.first?.seq else { return nil }
        guard covered > seq else { return [] }
        let ops = try ops(of: replica, in: log, seqs: seq + 1...min(covered, held.last))
        return ops.map(\.hash) + held.tail.prefix(Int(covered - min(covered, held.last)))
    }
}

extension SealedSegment {
    /// The same without a replica's runs; nil when no other is left.
    fileprivate func without(_ replica: ReplicaID) throws(LogError) -> SealedSegment? {
        var builder = SegmentBuilder(log: segment.log)
        for row in segment.rows where segment.dot(row).replica != replica {
            builder.append(row, of: segment)
        }
        guard builder.count > 0 else { return nil }
        let block = builder.block()
        let kept = zip(segment.runs, proofs).filter {
            segment.replicas[Int($0.0.replica)] != replica
        }
        return SealedSegment(
            block: block, segment: try Segment(block: block),
            cards: cards.filter { $0.replica != replica }, proofs: kept.map(\.1))
    }
}
