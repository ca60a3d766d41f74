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
        var missing: [IntervalSet] = []
        for (index, run) in segment.runs.enumerated() {
            let held = try log.have(of: run.replica, in: segment.log)
            let join = RunJoin(segment: segment, index: index, log: log, have: held)
            let seals = try join.heldSeals()
            if let error = try join.conflict(seals: seals) { return .failure(error) }
            missing.append(IntervalSet([run.first...run.last]).subtracting(held.seqs))
            if let error = plan.extendHave(
                ofRun: index, of: segment, held: held, missing: missing[index], seals: seals)
            {
                return .failure(error)
            }
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
        // The segment may have been verified with the cards of another holder.
        for run in segment.runs where !newCards.contains(where: { $0.replica == run.replica }) {
            if try log.card(of: run.replica, in: segment.log) == nil {
                return .unproven(run.replica, reason: "it was never introduced")
            }
        }
        return nil
    }

    private mutating func extendHave(
        ofRun index: Int, of segment: VerifiedSegment, held: ReplicaHave, missing: IntervalSet,
        seals heldSeals: [HeldSeal]
    ) -> LogError? {
        let run = segment.runs[index]
        let place = haves.firstIndex { $0.replica == run.replica }
        let before = place.map { haves[$0].have } ?? held
        var have = before
        do {
            for interval in segment.newIntervals(ofRun: index, missing: missing) {
                try have.insert(interval, of: run.replica)
            }
        } catch {
            return error
        }
        for seal in run.seals
        where !heldSeals.contains(where: { $0.seq == seal.seq })
            && !seals.contains(where: { $0.replica == run.replica && $0.seal.seq == seal.seq })
        {
            seals.append((run.replica, seal))
        }
        let known = heldSeals + seals.filter { $0.replica == run.replica }.map(\.seal)
        have.shortenTails(sealed: known.map(\.seq))
        if have == before { return nil }
        if let place {
            haves[place].have = have
        } else {
            haves.append((run.replica, have))
        }
        return nil
    }
}
