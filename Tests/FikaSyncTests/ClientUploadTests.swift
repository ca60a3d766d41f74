import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// What goes up to a relay, and what becomes of it.
@Suite struct ClientUploadTests {
    /// Emma with a room of her own that the relay has accepted, in an open session.
    private func accepted() throws -> (script: ClientScript, room: LogID, replica: ReplicaID) {
        var holder = try ClientScript.holder("emma", seed: 1)
        let room = holder.makeRoom("Fika")
        var script = ClientScript(holder)
        let batches = try script.open(.changesFollow).batches
        #expect(batches.count == 1)
        let replica = try #require(script.holder.log.replicas(of: room).first)
        let placement = script.relay.place(
            ReplicaRange(replica: replica, seqs: 1...2), in: room)
        #expect(
            try script.hear(.placed(Placed(log: room, placements: [placement])))
                == [.stored([room])])
        return (script, room, replica)
    }

    private func refusal(
        _ action: Refusal.Action, _ log: LogID, _ replica: ReplicaID, seq: UInt64,
        reason: CloseReason? = nil, accepted: UInt64, retryAfter: UInt64 = 0
    ) -> Frame {
        .refusal(
            Refusal(
                log: log, replica: replica, seq: seq, action: action,
                reason: reason?.rawValue ?? 0, accepted: accepted, retryAfter: retryAfter))
    }

    @Test func `U1: a log that the relay has not heard of goes up in full`() throws {
        var holder = try ClientScript.holder("emma", seed: 1)
        let room = holder.makeRoom("Fika")
        holder.say("Kanelbullar?", in: room)
        var script = ClientScript(holder)
        let actions = try script.open(.changesFollow)
        let batch = try #require(actions.batches.first)
        #expect(actions.sent == [.batch(batch)])
        let segment = try SealedSegment(bytes: batch.segment)
        #expect(segment.segment.ops == script.holder.ops(of: room))
        #expect(batch.placements.isEmpty)
        #expect(try script.session.localChanges(holder: &script.holder).isEmpty, "once")
    }

    @Test func `U2: what is placed is not pending any more`() throws {
        var (script, room, _) = try accepted()
        #expect(try script.holder.pending().isEmpty)
        #expect(script.holder.cursor(of: room)?.position == 2)
    }

    @Test func `one op goes up in brief, by full names until numbers are told`() throws {
        var (script, room, replica) = try accepted()
        let first = try script.write { $0.say("one", in: room) }
        let brief = try #require(first.briefs.first)
        #expect(first.sent == [.brief(brief)])
        #expect(brief.log == .id(room) && brief.replica == .id(replica))
        #expect(brief.positionLow == 0 && brief.acceptedAfter == 0)
        _ = try script.hear(
            .names(
                Names(
                    log: room, number: 3,
                    replicas: [Names.ReplicaNumber(number: 2, replica: replica)])))
        let second = try #require(try script.write { $0.say("two", in: room) }.briefs.first)
        #expect(second.log == .number(3) && second.replica == .number(2))
    }

    @Test func `several ops go up in one batch`() throws {
        var (script, room, _) = try accepted()
        let actions = try script.write {
            $0.say("one", in: room)
            $0.say("two", in: room)
        }
        #expect(actions.sent.count == 1)
        #expect(try SealedSegment(bytes: actions.batches[0].segment).segment.ops.count == 2)
    }

    @Test func `D6: nothing goes up without credit, and ops stay unsealed till then`() throws {
        var holder = try ClientScript.holder("emma", seed: 1)
        let room = holder.makeRoom("Fika")
        var relay = ScriptRelay()
        relay.credit = 1
        var script = ClientScript(holder, relay: relay)
        #expect(try script.open(.changesFollow).batches.count == 1, "the last may overdraw")
        #expect(script.session.hasSentAll)
        #expect(try script.write { $0.say("one", in: room) }.isEmpty)
        #expect(!script.session.hasSentAll)
        #expect(script.holder.log.logs() == [room])
        #expect(script.holder.haves(of: room).replicas[0].intervals[0].seqs == 1...2)
        #expect(try script.hear(.credit(1)).isEmpty)
        #expect(try script.hear(.credit(100_000)).briefs.count == 1)
        #expect(script.session.hasSentAll)
    }

    @Test func `a long range goes up in segments of 1024 ops, as credit allows`() throws {
        var holder = try ClientScript.holder("emma", seed: 1)
        let room = holder.makeRoom("Fika")
        for number in 3...2500 { holder.say("message \(number)", in: room) }
        var relay = ScriptRelay()
        relay.credit = 1
        var script = ClientScript(holder, relay: relay)
        var counts: [Int] = []
        var batches = try script.open(.changesFollow).batches
        while let batch = batches.first {
            #expect(batches.count == 1)
            counts.append(try SealedSegment(bytes: batch.segment).segment.rows.count)
            batches = try script.hear(.credit(UInt64(Frame.batch(batch).byteCount))).batches
        }
        #expect(counts == [1024, 1024, 452])
    }

    @Test func `U4: a closed replica is gone on from as a new one`() throws {
        var (script, room, replica) = try accepted()
        _ = try script.write { $0.say("late", in: room) }
        let refused = try script.hear(
            refusal(.closed, room, replica, seq: 3, reason: .clockAhead, accepted: 2))
        #expect(refused == [.stored([room])], "what follows is said by the close in the log")
        let chain = try #require(script.holder.chain(of: replica, in: room, at: 2))
        let close = Close(replica: replica, seq: 2, chain: chain, reason: .clockAhead)
        let actions = try script.hear(.batch(script.relay.say(close, in: room)))
        #expect(actions.first == .stored([room]))
        let batch = try #require(actions.batches.first)
        let ops = try SealedSegment(bytes: batch.segment).segment.ops
        #expect(ops.map(\.kind) == [.introduction, ChatKind.message.kind])
        #expect(ops[1].origin?.dot == Dot(replica: replica, seq: 3))
        #expect(ops[1].id.dot.replica != replica)
    }

    @Test func `U4: a replica of which nothing is accepted is refused, and others go on`() throws {
        var (script, room, _) = try accepted()
        var other: LogID?
        let actions = try script.write { other = $0.makeRoom("Two") }
        let second = try #require(other)
        #expect(actions.batches.map(\.log) == [second])
        let replica = try #require(script.holder.log.replicas(of: second).first)
        _ = try script.hear(refusal(.refused, second, replica, seq: 1, accepted: 0))
        #expect(script.holder.refusals.count == 1)
        #expect(try script.write { $0.say("on", in: room) }.briefs.count == 1)
    }

    @Test func `U4: what is before a refused seq goes up again, once`() throws {
        var holder = try ClientScript.holder("emma", seed: 1)
        let room = holder.makeRoom("Fika")
        holder.say("Kanelbullar?", in: room)
        var script = ClientScript(holder)
        #expect(try script.open(.changesFollow).batches.count == 1)
        let replica = try #require(script.holder.log.replicas(of: room).first)
        let refused = refusal(.closed, room, replica, seq: 3, reason: .removed, accepted: 2)
        let batches = try script.hear(refused).batches
        #expect(
            try batches.map { try SealedSegment(bytes: $0.segment).segment.rows.map(\.seq) }
                == [[1, 2]])
        #expect(try script.hear(refused).batches.isEmpty)
    }

    @Test func `U4: what is missing is sent again from there, once`() throws {
        var (script, room, replica) = try accepted()
        _ = try script.write { $0.say("one", in: room) }
        _ = try script.write { $0.say("two", in: room) }
        let missing = refusal(.missing, room, replica, seq: 2, accepted: 1)
        let batch = try #require(try script.hear(missing).batches.first)
        let segment = try SealedSegment(bytes: batch.segment)
        #expect(segment.segment.rows.map(\.seq) == [2, 3, 4])
        #expect(try script.hear(missing).isEmpty, "the second op's refusal says the same")
        #expect(script.holder.refusals.isEmpty)
    }

    @Test func `U4: what waited is sent again from where it is missing, each time`() throws {
        var (script, room, replica) = try accepted()
        _ = try script.write { $0.say("one", in: room) }
        // A relay that lost the room takes nothing of it before who made it comes.
        for turn in 1...3 {
            let missing = refusal(.missing, room, replica, seq: 1, accepted: 0)
            let batch = try #require(try script.hear(missing).batches.first)
            let segment = try SealedSegment(bytes: batch.segment)
            #expect(segment.segment.rows.map(\.seq) == [1, 2, 3])
            _ = try script.hear(
                refusal(.wait, room, replica, seq: 1, accepted: 0, retryAfter: 1000))
            #expect(try script.tick(UInt64(turn) * 1000).briefs.map(\.seq) == [3])
        }
    }

    @Test func `U4: a refusal of what was never sent ends the connection`() throws {
        var (script, room, _) = try accepted()
        let brief = try script.write { $0.say("changed on its way", in: room) }.briefs
        #expect(brief.count == 1)
        let other = ReplicaID(high: 4, low: 4)
        let actions = try script.hear(refusal(.missing, room, other, seq: 1, accepted: 0))
        #expect(
            actions == [
                .fail(Failure(.unexpected, "a refusal of what was not sent"))
            ])
    }

    @Test func `U4: too many too fast wait, and other logs do not`() throws {
        var (script, room, replica) = try accepted()
        _ = try script.tick(1000)
        _ = try script.write { $0.say("one", in: room) }
        #expect(
            try script.hear(
                refusal(.wait, room, replica, seq: 3, accepted: 2, retryAfter: 5000)
            ).isEmpty)
        #expect(try script.write { $0.say("two", in: room) }.isEmpty)
        #expect(try script.write { _ = $0.makeRoom("Two") }.batches.count == 1)
        #expect(try script.tick(5999).isEmpty)
        let batch = try #require(try script.tick(6000).batches.first)
        #expect(try SealedSegment(bytes: batch.segment).segment.rows.map(\.seq) == [3, 4])
    }

    @Test func `U4: that the relay does not know a log is told the third time, until it does`()
        throws
    {
        var holder = try ClientScript.holder("emma", seed: 1)
        let room = holder.makeRoom("Fika")
        var script = ClientScript(holder)
        #expect(try script.open(.changesFollow).batches.count == 1)
        let replica = try #require(script.holder.log.replicas(of: room).first)
        let isUnknown = Frame.refusal(
            Refusal(
                log: room, replica: replica, seq: 1, action: .wait, reason: Refusal.unknownLog,
                accepted: 0, retryAfter: 1000))
        for second in 1..<3 as Range<UInt64> {
            #expect(try script.hear(isUnknown).isEmpty)
            #expect(try script.tick(second * 1000).batches.count == 1)
        }
        #expect(try script.hear(isUnknown) == [.unknown([room])])
        #expect(script.session.hasSentAll)
        #expect(try script.tick(3000).batches.count == 1)
        #expect(try script.hear(isUnknown).isEmpty)
        let placement = script.relay.place(
            ReplicaRange(replica: replica, seqs: 1...2), in: room)
        let placed = try script.hear(.placed(Placed(log: room, placements: [placement])))
        #expect(placed == [.stored([room]), .unknown([])])
    }

    @Test func `a log waits for its status where cursors are compared`() throws {
        var (old, room, _) = try accepted()
        old.holder.say("while away", in: room)
        var script = ClientScript(old.holder, relay: old.relay)
        let cursors = old.holder.cursors()
        #expect(
            try script.open(.cursorsWanted) == [
                .send(.cursors(cursors)), .phase(.syncing(held: 0, total: 0)),
            ])
        let status = LogStatus(log: room, state: .follows, from: 2, position: 2)
        #expect(try script.hear(.status(status)).briefs.count == 1)
    }
}
