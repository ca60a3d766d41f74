import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Checks all frames of one group before anything of them is carried out (rule Y2).
    mutating func check<Log: RelayLog>(
        _ frames: ArraySlice<DecodedFrame>, from id: ConnectionID, _ log: Log
    ) throws -> [Step] {
        var group = GroupMemory()
        var steps: [Step] = []
        var run: BriefRun?
        for received in frames {
            if case .brief(let brief) = received.frame {
                try pay(for: received, from: id)
                let op = try op(of: brief, from: id, log)
                if let pause = pause(handingIn: 1, on: id) {
                    try finish(&run, from: id, &steps, &group, log)
                    let wait = try wait(pause, op.id.log, op.id.dot, group, on: id, log)
                    steps.append(.refusal(wait))
                    continue
                }
                if run?.add(op, seal: brief.seal) ?? false { continue }
                try finish(&run, from: id, &steps, &group, log)
                switch try begin(op, seal: brief.seal, from: id, group, log) {
                case .run(let begun): run = begun
                case .refusal(let refusal): steps.append(.refusal(refusal))
                }
                continue
            }
            try finish(&run, from: id, &steps, &group, log)
            switch received.frame {
            case .batch(let batch):
                try pay(for: received, from: id)
                steps += try check(batch, from: id, &group, log)
            case .cursors, .placed, .credit, .page, .want, .positions, .haves, .ephemeral, .ping,
                .pong, .failure, .goodbye:
                steps.append(.frame(received.frame))
            case .brief, .welcome, .hello, .ready, .status, .names, .head, .refusal, .done,
                .synced:
                throw Violation(.unexpected, "this frame is not for a relay, or not now")
            }
        }
        try finish(&run, from: id, &steps, &group, log)
        return steps
    }

    /// What becomes of the first op of a run.
    private enum Beginning {
        case run(BriefRun)
        case refusal(Refusal)
    }

    private mutating func pay(for received: DecodedFrame, from id: ConnectionID) throws {
        guard let connection = connections[id], connection.uplink > 0 else {
            throw Violation(.unexpected, "ops came without credit")
        }
        connections[id]?.uplink -= Int64(received.byteCount)
        connections[id]?.owed += UInt64(received.byteCount)
    }

    private mutating func op<Log: RelayLog>(
        of brief: Brief, from id: ConnectionID, _ log: Log
    ) throws -> Op {
        let told = connections[id]?.told ?? ToldNumbers()
        let named: LogID? =
            switch brief.log {
            case .number(let number): told.log(number)
            case .id(let id): id
            }
        guard let named else { throw Violation(.unexpected, "a log's number was never told") }
        let place = try logs.state(of: named, from: log)
        do {
            return try brief.op(base: base, names: UplinkNames(told: told, place: place)).op
        } catch {
            throw Violation(error.code, "a brief: \(error)")
        }
    }

    private mutating func begin<Log: RelayLog>(
        _ op: Op, seal: Signature, from id: ConnectionID, _ group: GroupMemory, _ log: Log
    ) throws -> Beginning {
        let (named, dot) = (op.id.log, op.id.dot)
        let place = try logs.state(of: named, from: log)
        var before: Digest?
        if dot.seq > 1 {
            before = try chain(before: dot, in: named, place, group, log)
            guard before != nil else {
                return .refusal(missing(dot, in: named, place, group, on: id))
            }
        }
        return .run(BriefRun(op, before: before, seal: seal))
    }

    /// Verifies what was gathered.
    private mutating func finish<Log: RelayLog>(
        _ run: inout BriefRun?, from id: ConnectionID, _ steps: inout [Step],
        _ group: inout GroupMemory, _ log: Log
    ) throws {
        guard let sealed = run?.sealed else { return }
        run = nil
        steps.append(try verify(sealed, from: id, &group, log))
    }

    /// The chain value before an op; nil when the relay lacks what is before it.
    private func chain<Log: RelayLog>(
        before dot: Dot, in id: LogID, _ place: LogState?, _ group: GroupMemory, _ log: Log
    ) throws -> Digest? {
        if let end = group.end(of: dot.replica, in: id), end.seq + 1 == dot.seq {
            return end.chain
        }
        guard let accepted = place?.replicas[dot.replica], dot.seq <= accepted.last + 1 else {
            return nil
        }
        if accepted.last + 1 == dot.seq { return accepted.chain }
        return try log.heldChain(of: dot.replica, in: id, at: dot.seq - 1)
    }

    func missing(
        _ dot: Dot, in log: LogID, _ place: LogState?, _ group: GroupMemory, on id: ConnectionID
    ) -> Refusal {
        var last: UInt64 = 0
        if let place, let reader = connections[id]?.reader,
            place.admits(reader) || place.user(of: dot.replica) == reader.user
        {
            last = place.replicas[dot.replica]?.last ?? 0
        }
        let next = max(last, group.end(of: dot.replica, in: log)?.seq ?? 0) + 1
        return Refusal(
            log: log, replica: dot.replica, seq: next, action: .missing, accepted: last)
    }

    private mutating func check<Log: RelayLog>(
        _ batch: Batch, from id: ConnectionID, _ group: inout GroupMemory, _ log: Log
    ) throws -> [Step] {
        let sealed: SealedSegment
        do {
            sealed = try SealedSegment(bytes: batch.segment)
        } catch {
            throw Violation(.malformed, "a batch's segment: \(error)")
        }
        guard sealed.segment.log == batch.log else {
            throw Violation(.malformed, "a batch's segment is of another log")
        }
        let place = try logs.state(of: batch.log, from: log)
        if isBeingFilled(batch.log, place, byOthersThan: id) {
            return try sealed.ranges.map { range in
                let dot = Dot(replica: range.replica, seq: range.seqs.lowerBound)
                return .refusal(try wait(2000, batch.log, dot, group, on: id, log))
            }
        }
        // What fills an order comes in any order.
        if fills(batch.log, place, on: id) { return [try verify(sealed, from: id, &group, log)] }
        if let pause = pause(handingIn: UInt64(sealed.segment.rows.count), on: id) {
            return try sealed.ranges.map { range in
                let dot = Dot(replica: range.replica, seq: range.seqs.lowerBound)
                return .refusal(try wait(pause, batch.log, dot, group, on: id, log))
            }
        }
        var ends: [ReplicaID: UInt64] = [:]
        var refusals: [Step] = []
        for run in sealed.segment.runs {
            let replica = sealed.segment.replicas[Int(run.replica)]
            let end = max(
                place?.replicas[replica]?.last ?? 0,
                group.end(of: replica, in: batch.log)?.seq ?? 0, ends[replica] ?? 0)
            if run.first > end + 1 {
                let dot = Dot(replica: replica, seq: run.first)
                refusals.append(.refusal(missing(dot, in: batch.log, place, group, on: id)))
            }
            ends[replica] = max(end, run.last)
        }
        return refusals.isEmpty ? [try verify(sealed, from: id, &group, log)] : refusals
    }

    /// Whether ops of a log have to wait until others have filled its order (rule C3).
    private mutating func isBeingFilled(
        _ log: LogID, _ place: LogState?, byOthersThan id: ConnectionID
    ) -> Bool {
        guard place?.order.reserved != nil, connections[id]?.fillings[log] == nil,
            connections[id]?.secondOrders[log] == nil
        else { return false }
        waitForFilling(of: log)
        return true
    }

    /// Whether ops of a log fill an order, or may belong to a second one.
    private func fills(_ log: LogID, _ place: LogState?, on id: ConnectionID) -> Bool {
        place?.order.reserved != nil || connections[id]?.secondOrders[log] != nil
    }

    private mutating func verify<Log: RelayLog>(
        _ sealed: SealedSegment, from id: ConnectionID, _ group: inout GroupMemory, _ log: Log
    ) throws -> Step {
        let named = sealed.segment.log
        let place = try logs.state(of: named, from: log)
        var cards: [ReplicaID: Card] = [:]
        if fills(named, place, on: id) {
            // Those of replicas that have no position yet.
            cards = connections[id]?.secondOrders[named]?.cards ?? [:]
            for replica in sealed.segment.replicas where cards[replica] == nil {
                cards[replica] = try log.card(of: replica, in: named)
            }
        }
        do {
            let memory = group
            let verified = try SegmentVerifier.verify(
                sealed, known: { place?.cards[$0] ?? memory.card(of: $0, in: named) ?? cards[$0] })
            group.note(verified)
            return .ops(Upload(sealed: sealed, verified: verified))
        } catch {
            if case .fork(let replica, _) = error, place?.replicas[replica] != nil {
                return .fork(named, replica)
            }
            throw Violation(.badOps, "\(error)")
        }
    }
}

extension RelayLog {
    /// The chain value after an op that is held; nil when it is not.
    func heldChain(of replica: ReplicaID, in log: LogID, at seq: UInt64) throws -> Digest? {
        let have = try have(of: replica, in: log)
        guard let interval = have.intervals.first(where: { $0.first <= seq && seq <= $0.last })
        else { return nil }
        return try chain(of: replica, in: log, at: seq, within: interval)
    }
}
