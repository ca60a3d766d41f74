import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Answers the first request of a connection, or as much of it as goes at once (rule D7).
    mutating func answer<Log: RelayLog>(
        _ request: Request, of reader: Reader, on id: ConnectionID, _ log: Log
    ) throws {
        switch request {
        case .page(let page):
            if let place = try place(page.log, for: reader, log) {
                let dots = try log.newest(
                    in: page.log, before: page.before, limit: Int(clamping: page.limit))
                try send(SeqRanges(of: dots).ranges, of: place, withCards: true, to: id, log)
            }
            isAnswered(page.request, on: id)
        case .want(let want):
            if let place = try place(want.log, for: reader, log) {
                let ranges = want.seqs.map { (replica: want.replica, seqs: $0) }
                try send(ranges, of: place, withCards: true, to: id, log)
            }
            isAnswered(want.request, on: id)
        case .positions(let asked, let next):
            try answer(asked, from: next, of: reader, on: id, log)
        case .ended(let place):
            try sendEnd(of: place, to: reader, on: id, log)
            connections[id]?.requests.removeFirst()
        }
    }

    private mutating func place<Log: RelayLog>(
        _ id: LogID, for reader: Reader, _ log: Log
    ) throws -> LogState? {
        guard let place = try logs.state(of: id, from: log), place.admits(reader) else {
            return nil
        }
        return place
    }

    private mutating func isAnswered(_ request: UInt64, on id: ConnectionID) {
        connections[id]?.requests.removeFirst()
        send(.done(request), to: id)
    }

    private mutating func answer<Log: RelayLog>(
        _ asked: PositionsRequest, from next: UInt64, of reader: Reader, on id: ConnectionID,
        _ log: Log
    ) throws {
        guard let place = try place(asked.log, for: reader, log),
            next <= asked.positions.upperBound,
            next <= place.order.position
        else {
            isAnswered(asked.request, on: id)
            return
        }
        let last = min(
            asked.positions.upperBound, place.order.position,
            next + UInt64(Limits.segmentOpsMaximum) - 1)
        let placements = try place.placements(next...last, in: log)
        let ranges = placements.map { (replica: $0.replica, seqs: $0.seq...$0.lastSeq) }
        if !ranges.isEmpty { try send(ranges, of: place, withCards: true, to: id, log) }
        let told =
            placements.count < Limits.placementsMaximum
            ? last : placements.last?.lastPosition ?? last
        connections[id]?.requests[0] = .positions(asked, next: told + 1)
    }

    /// The access ops up to the one that ended a membership, and the closes of the user's replicas:
    /// no content (rule R7).
    private mutating func sendEnd<Log: RelayLog>(
        of id: LogID, to reader: Reader, on connection: ConnectionID, _ log: Log
    ) throws {
        guard let place = try logs.state(of: id, from: log),
            place.order.workspace == reader.workspace, !place.admits(reader)
        else { return }
        // Who was let in by what the relay lost was never in, and may have been taken over.
        let end = place.endOfMembership(of: reader.user)
        let dots = place.history.ops.filter { op in
            if let end, op.point <= .accepted(end) { return true }
            guard case .close(let close) = op.content else { return false }
            return place.user(of: close.replica) == reader.user
        }.map(\.dot)
        guard !dots.isEmpty else { return }
        try send(SeqRanges(of: dots).ranges, of: place, withCards: true, to: connection, log)
    }

    /// Where no cursor serves: what the relay has, and then what the client lacks (rule C1).
    mutating func compare<Log: RelayLog>(
        _ theirs: Haves, of reader: Reader, on id: ConnectionID, _ log: inout Log
    ) throws {
        if let head = theirs.head, try isTaken(head, of: reader, on: id, &log) { return }
        if PlantedBug.believesBadCursors.isPlanted, theirs.head == nil {
            return try beginAgain(&log)
        }
        connections[id]?.comparing.remove(theirs.log)
        hungry.insert(id)
        guard var place = try logs.take(theirs.log, from: log) else {
            send(.haves(Haves(log: theirs.log, head: nil, replicas: [])), to: id)
            return
        }
        defer { logs.put(place) }
        guard place.admits(reader) else {
            send(.haves(Haves(log: theirs.log, head: nil, replicas: [])), to: id)
            return
        }
        var ours = Haves(log: place.log, head: signHead(&place), replicas: [])
        var lane = Lane(from: 0, to: place.order.position, isPersonal: place.isPersonal)
        var known: [ReplicaID: Haves.ReplicaIntervals] = [:]
        for entry in theirs.replicas { known[entry.replica] = entry }
        for (replica, accepted) in place.replicas.sorted(by: { $0.key < $1.key })
        where accepted.last > 0 {
            let have = try log.have(of: replica, in: place.log)
            // What is kept without a position is to be brought again, and answered then.
            let interval = Haves.Interval(seqs: 1...accepted.last, end: accepted.chain)
            ours.replicas.append(Haves.ReplicaIntervals(replica: replica, intervals: [interval]))
            for interval in known[replica]?.intervals ?? [] {
                let isSame =
                    try log.heldChain(
                        of: replica, in: place.log, at: interval.seqs.upperBound) == interval.end
                let isAhead = interval.seqs.upperBound > have.intervals.last?.last ?? 0
                // Beyond what is held here the client's own branch shows when it hands it in.
                if isSame || isAhead || PlantedBug.overlooksForks.isPlanted {
                    lane.learn(replica, interval.seqs)
                }
            }
        }
        send(.haves(ours), to: id)
        lane.mayBeBrief = false
        connections[id]?.catchUp.add(place.log, lane)
    }
}
