import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Lets an upload through the door, op by op, and tells whom it concerns.
    ///
    /// `bringers` are those who hear what of it is refused; nil: who hands it in.
    mutating func admit<Log: RelayLog>(
        _ upload: Upload, from id: ConnectionID, of reader: Reader,
        answering bringers: [ConnectionID]? = nil, _ log: inout Log
    ) throws {
        if try keepForSecondOrder(upload, from: id, &log) { return }
        let place = try place(for: upload, of: reader, log)
        if place.order.reserved != nil {
            logs.put(place)
            try keep(upload, for: place, from: id, &log)
            return
        }
        var intake = Intake(place, reader: reader, acceptedAt: acceptanceTime)
        try walk(upload, &intake, &log)
        try flush(upload, &intake, &log)
        if !intake.place.isNew { logs.put(intake.place) }
        try tell(intake, from: id, answering: bringers ?? [id], log)
    }

    /// A second introduction of a replica: the accepted branch stands (rule U5).
    mutating func closeFork<Log: RelayLog>(
        of replica: ReplicaID, in place: LogID, from id: ConnectionID, of reader: Reader,
        _ log: inout Log
    ) throws {
        guard let state = try logs.take(place, from: log) else { return }
        var intake = Intake(state, reader: reader, acceptedAt: acceptanceTime)
        if isWelcome(replica, author: state.user(of: replica), &intake) {
            try refuse(replica, seq: 1, .forked, nil, &intake, &log)
        }
        logs.put(intake.place)
        try tell(intake, from: id, answering: [id], log)
    }

    private mutating func place<Log: RelayLog>(
        for upload: Upload, of reader: Reader, _ log: Log
    ) throws -> LogState {
        if let known = try logs.take(upload.log, from: log) { return known }
        let preimage = upload.verified.newCards.lazy.compactMap(\.introduction.preimage).first
        let fold = AccessFold(log: upload.log, preimage: preimage, trustedRelays: logs.trusted)
        return LogState(new: upload.log, in: reader.workspace, fold: fold)
    }

    private mutating func walk<Log: RelayLog>(
        _ upload: Upload, _ intake: inout Intake, _ log: inout Log
    ) throws {
        let segment = upload.verified
        var cards: [ReplicaID: Card] = [:]
        for card in segment.newCards { cards[card.replica] = card }
        var begun: Set<Int32> = []
        for (index, row) in segment.segment.rows.enumerated() {
            let dot = segment.segment.dot(row)
            guard !intake.stopped.contains(dot.replica),
                let card = intake.place.cards[dot.replica] ?? cards[dot.replica]
            else { continue }
            if begun.insert(row.run).inserted {
                let run = Int(row.run)
                guard try begin(run, of: upload, by: card, &intake, &log) else { continue }
            }
            if dot.seq <= intake.place.replicas[dot.replica]?.last ?? 0 { continue }
            let verdict = intake.judge(
                index, of: segment, by: card, trusting: logs.trusted, now: now)
            switch verdict {
            case .accepted:
                guard let left = intake.take(index, of: segment, by: card) else { continue }
                try flush(upload, &intake, &log)
                guard !PlantedBug.admitsRemovedMembers.isPlanted else { continue }
                for replica in intake.place.openReplicas(of: left) {
                    try close(replica, .removed, &intake, &log)
                }
            case .refused(let reason):
                try refuse(dot.replica, seq: dot.seq, reason, upload, &intake, &log)
            case .turnedAway: intake.turnAway(dot.replica, seq: dot.seq)
            case .later: intake.putOff(dot.replica, seq: dot.seq)
            }
        }
    }

    /// Joins a run to what is accepted of its replica; false when nothing of it is taken.
    private mutating func begin<Log: RelayLog>(
        _ index: Int, of upload: Upload, by card: Card, _ intake: inout Intake,
        _ log: inout Log
    ) throws -> Bool {
        let run = upload.verified.runs[index]
        guard isWelcome(run.replica, author: card.introduction.user, &intake) else { return false }
        let accepted = intake.place.replicas[run.replica]
        let last = accepted?.last ?? 0
        guard run.first <= last + 1 else {
            intake.stopped.insert(run.replica)
            intake.refusals.append(
                Refusal(
                    log: upload.log, replica: run.replica, seq: last + 1, action: .missing,
                    accepted: last))
            return false
        }
        guard let accepted else { return true }
        guard try joins(upload, index, accepted, intake, log) else {
            let seq = min(run.last, last + 1)
            try refuse(run.replica, seq: seq, .forked, upload, &intake, &log)
            return false
        }
        if run.first <= last {
            intake.repeated.append((run.replica, run.first...min(run.last, last)))
        }
        return true
    }

    /// Whether a connection may hand in a replica's ops here at all.
    private mutating func isWelcome(
        _ replica: ReplicaID, author: UserID?, _ intake: inout Intake
    ) -> Bool {
        let place = intake.place
        guard intake.from > 0 else { return true }
        let isOwn = author == intake.reader.user
        if place.order.workspace == intake.reader.workspace,
            isOwn || place.admits(intake.reader)
        {
            return true
        }
        intake.turnAway(replica, seq: 1)
        return false
    }

    private func joins<Log: RelayLog>(
        _ upload: Upload, _ index: Int, _ accepted: AcceptedReplica, _ intake: Intake, _ log: Log
    ) throws -> Bool {
        let run = upload.verified.runs[index]
        if run.first == accepted.last + 1 {
            guard run.before == accepted.chain else { return false }
        } else if run.last >= accepted.last {
            let chains = upload.verified.chainValues(ofRun: index)
            guard chains[Int(accepted.last + 1 - run.first)] == accepted.chain else {
                return false
            }
        } else {
            return try log.heldChain(of: run.replica, in: upload.log, at: run.last) == run.end
        }
        // Of ops beyond the last one the hashes may be known already, from a seal over them.
        let tail = try log.have(of: run.replica, in: upload.log).intervals.last?.tail ?? []
        guard !tail.isEmpty else { return true }
        switch try AppendPlan.make(appending: upload.verified, to: log) {
        case .success: return true
        case .failure: return false
        }
    }

    /// Answers a permanent refusal (rule U4).
    private mutating func refuse<Log: RelayLog>(
        _ replica: ReplicaID, seq: UInt64, _ reason: CloseReason, _ upload: Upload?,
        _ intake: inout Intake, _ log: inout Log
    ) throws {
        intake.stopped.insert(replica)
        if let upload { try flush(upload, &intake, &log) }
        let accepted = intake.place.replicas[replica]
        var reason = reason
        if let accepted {
            if accepted.closedAt == nil {
                try close(accepted, reason, &intake, &log)
            } else {
                reason = intake.place.history.closedBeyond(replica)?.reason ?? reason
            }
        }
        intake.refusals.append(
            Refusal(
                log: intake.place.log, replica: replica, seq: seq,
                action: accepted == nil ? .refused : .closed, reason: reason.rawValue,
                accepted: accepted?.last ?? 0))
    }
}

extension Intake {
    /// Refuses ops without a close and without a word of what is accepted.
    mutating func turnAway(_ replica: ReplicaID, seq: UInt64) {
        stopped.insert(replica)
        refusals.append(
            Refusal(
                log: place.log, replica: replica, seq: seq, action: .refused,
                reason: CloseReason.notMember.rawValue, accepted: 0))
    }

    /// Asks for ops again, a little later: somebody else may bring the log meanwhile.
    mutating func putOff(_ replica: ReplicaID, seq: UInt64) {
        stopped.insert(replica)
        refusals.append(
            Refusal(
                log: place.log, replica: replica, seq: seq, action: .wait,
                reason: Refusal.unknownLog, accepted: 0, retryAfter: 1000))
    }
}
