package import FikaCRDT

/// What an append is to change, worked out before anything is touched: shared by all logs.
package struct AppendPlan: Sendable {
    package private(set) var report = AppendReport(newRows: [], heldCount: 0)
    /// The cards of replicas that were not introduced before, rising.
    package private(set) var newCards: [Card] = []
    /// What is held afterwards of each replica for which that changes, in the order of the runs.
    package private(set) var haves: [(replica: ReplicaID, have: ReplicaHave)] = []
    /// The seals that are not held yet, in the order of the runs.
    package private(set) var seals: [(replica: ReplicaID, seal: HeldSeal)] = []

    /// Compares a segment with what a log holds.
    ///
    /// - Parameters:
    ///   - segment: What is to be appended.
    ///   - log: Its `have` and `seals` are asked for each run; its `ops` only for what is held
    ///     already and ends at a seal that is not.
    /// - Returns: The plan, or why nothing may be appended.
    /// - Throws: What the log throws.
    package static func make<Log: OpLog>(
        appending segment: VerifiedSegment, to log: Log
    ) throws(Log.Failure) -> Result<AppendPlan, LogError> {
        var plan = AppendPlan()
        if let error = try plan.takeCards(of: segment, into: log) { return .failure(error) }
        var changes: [ReplicaID: HaveChange] = [:]
        var order: [ReplicaID] = []
        var missing: [IntervalSet] = []
        for (index, run) in segment.runs.enumerated() {
            if changes[run.replica] == nil {
                order.append(run.replica)
                changes[run.replica] = HaveChange(try log.have(of: run.replica, in: segment.log))
            }
            guard let held = changes[run.replica]?.held else { continue }
            let join = RunJoin(segment: segment, index: index, log: log, have: held)
            let seals = try join.heldSeals()
            if let error = try join.conflict(seals: seals) { return .failure(error) }
            let new = changes[run.replica]?.take(run: index, of: segment, heldSeals: seals)
            switch new {
            case .success(let seqs): missing.append(seqs)
            case .failure(let error): return .failure(error)
            case nil: preconditionFailure("each run's replica has a change")
            }
        }
        for replica in order {
            guard let (have, seals) = changes[replica]?.finished() else { continue }
            if let have { plan.haves.append((replica, have)) }
            plan.seals += seals.map { (replica, $0) }
        }
        for (index, row) in segment.segment.rows.enumerated() {
            if missing[Int(row.run)].contains(row.seq) {
                plan.report.newRows.append(index)
            } else {
                plan.report.heldCount += 1
            }
        }
        return .success(plan)
    }

    private mutating func takeCards<Log: OpLog>(
        of segment: VerifiedSegment, into log: Log
    ) throws(Log.Failure) -> LogError? {
        for card in segment.newCards {
            guard let known = try log.card(of: card.replica, in: segment.log) else {
                newCards.append(card)
                continue
            }
            if !known.hasSameIntroduction(as: card) { return .fork(card.replica, seq: 1) }
        }
        let introduced = Set(newCards.map(\.replica))
        // The segment may have been verified with the cards of another holder.
        for run in segment.runs where !introduced.contains(run.replica) {
            if try log.card(of: run.replica, in: segment.log) == nil {
                return .unproven(run.replica, reason: "it was never introduced")
            }
        }
        return nil
    }
}
