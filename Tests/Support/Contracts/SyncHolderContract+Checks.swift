import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaSync
import Testing

extension SyncHolderContract {
    func checkCursorStopsAtGaps() throws {
        var holder = try met()
        try holder.store([accepted(1...3)])
        try expectCursor(3, holder)
        // A position whose op is not held stops it, and so does one that was not told.
        try holder.store([told(placement(4...4))])
        try holder.store([accepted(6...10)])
        try expectCursor(3, holder)
        try holder.store([ops(4...4, [])])
        try expectCursor(4, holder)
        try holder.store([accepted(5...5)])
        try expectCursor(10, holder)
    }

    func checkPlacementsComeInAnyOrder() throws {
        var holder = try met()
        try holder.store([ops(1...70, [])])
        try expectCursor(0, holder)
        try holder.store([told(placement(31...70)), told(placement(4...30))])
        try expectCursor(0, holder)
        try holder.store([told(placement(1...3))])
        try expectCursor(70, holder)
        let placements = try holder.placements(in: room, positions: 2...69)
        #expect(placements.first?.position ?? 0 <= 2)
        #expect(placements.map(\.lastPosition).max() ?? 0 >= 69)
        #expect(placements.allSatisfy { $0.replica == replica && $0.seq == $0.position })
    }

    func checkRepeatedChangesNothing() throws {
        var holder = try met()
        try holder.store([accepted(1...70)])
        let before = try holder.haves(of: room)
        try holder.store([accepted(1...70), told(placement(1...70)), accepted(20...30)])
        try expectCursor(70, holder)
        #expect(try holder.haves(of: room) == before)
    }

    func checkBadSegmentsStoreNothing() throws {
        var holder = try met()
        try holder.store([accepted(1...3)])
        let before = try holder.haves(of: room)
        guard case .ops(let good, _) = try accepted(4...10) else { return }
        var proof = good.proofs[0]
        proof.seals = proof.seals.map { Seal(seq: $0.seq, signature: relay.sign([1, 2, 3])) }
        let bad = SealedSegment(
            block: good.block, segment: good.segment, cards: good.cards, proofs: [proof])
        #expect(throws: LogError.self) {
            try holder.store([accepted(4...6), .ops(bad, [placement(4...10)]), .synced(99)])
        }
        #expect(try holder.haves(of: room) == before)
        try expectCursor(3, holder)
        #expect(
            try holder.greeting(relay: relay.publicKey, epoch: epoch).completeUntil == 0)
    }

    func checkOtherOrderIsTaken() throws {
        var holder = try met()
        try holder.store([accepted(1...70)])
        // Another op is told to stand at position 3: all positions known are void.
        try holder.store([told(placement(4...70, at: 3))])
        try expectCursor(0, holder)
        try holder.store([.orderStartsAgain(room), told(placement(1...70))])
        try expectCursor(70, holder)
    }

    func checkHeadsJoin() throws {
        var holder = try met()
        try holder.store([accepted(1...10), .head(head(at: 5))])
        try holder.store([.head(head(at: 20, running: hashes(at: 19).running))])
        #expect(try holder.haves(of: room).head == head(at: 5))
        try holder.store([accepted(11...20)])
        #expect(try holder.haves(of: room).head == head(at: 5), "its running hash does not join")
        try holder.store([.head(head(at: 30))])
        #expect(try holder.haves(of: room).head == head(at: 5), "it is not reached")
        try holder.store([accepted(21...40)])
        #expect(try holder.haves(of: room).head == head(at: 30))
        try holder.store([.head(head(at: 40))])
        #expect(try holder.haves(of: room).head?.position == 40)
    }

    func checkSameEpochKeepsCursors() throws {
        var holder = try met()
        try holder.store([accepted(1...70), .synced(Self.time)])
        try holder.meet(relay: relay.publicKey, epoch: epoch, time: Self.time + 60000)
        try expectCursor(70, holder)
        let greeting = try holder.greeting(relay: relay.publicKey, epoch: epoch)
        var summary = SyncSummary()
        summary.add(
            room, epoch: epoch,
            cursor: Cursor(position: 70, running: hashes(at: 70).running))
        #expect(greeting.summary == summary)
        #expect(greeting.completeUntil == Self.time)
    }

    func checkAnotherEpochVoidsCursors() throws {
        var holder = try met()
        try holder.store([accepted(1...40), .head(head(at: 40)), accepted(41...70)])
        let next = Epoch(raw: 8)
        #expect(try holder.greeting(relay: relay.publicKey, epoch: next).summary == nil)
        try holder.meet(relay: relay.publicKey, epoch: next, time: Self.time)
        #expect(try holder.position(of: room) == 0)
        // What the head covers is kept to fill the relay with; the rest is pending again.
        let kept = try holder.placements(in: room, positions: 1...70)
        #expect(kept.map(\.count).reduce(0, +) == 40)
        #expect(kept.map(\.lastPosition).max() == 40)
        #expect(try holder.haves(of: room).head?.position == 40)
        let pending = try holder.pending().filter { $0.log == room }
        #expect(pending.map(\.range) == [ReplicaRange(replica: replica, seqs: 41...70)])
        try holder.store([told(placement(1...70))])
        try expectCursor(70, holder)
    }

    func checkGreetingWritesNothing() throws {
        let empty = try make()
        #expect(
            try empty.greeting(relay: relay.publicKey, epoch: epoch).summary == SyncSummary())
        var holder = try met()
        try holder.store([accepted(1...70)])
        _ = try holder.greeting(relay: TestStore.key(5).publicKey, epoch: Epoch(raw: 99))
        try expectCursor(70, holder)
    }

    func checkHavesAndSegments() throws {
        var holder = try met()
        try holder.store([accepted(1...10), accepted(20...30)])
        let haves = try holder.haves(of: room)
        #expect(haves.replicas.map(\.replica) == [replica])
        #expect(haves.replicas[0].intervals.map(\.seqs) == [1...10, 20...30])
        for interval in haves.replicas[0].intervals {
            let seq = interval.seqs.upperBound
            #expect(omid.chain(of: replica, in: room, at: seq) == interval.end)
            #expect(try holder.chain(of: replica, in: room, at: seq) == interval.end)
        }
        #expect(try holder.chain(of: replica, in: room, at: 15) == nil)
        let start = Hashes.chainStart(log: room, replica: replica)
        #expect(try holder.chain(of: replica, in: room, at: 0) == start)
        let range = ReplicaRange(replica: replica, seqs: 8...22)
        let segments = try holder.segments(of: room, ranges: [range], withCards: true)
        #expect(segments.flatMap(\.segment.rows).map(\.seq) == [8, 9, 10, 20, 21, 22])
        #expect(try holder.logs(readableBy: TestStore.user("emma")) == [room])
        #expect(try holder.logs(readableBy: TestStore.user("olga")).isEmpty)
    }

    func checkAcceptedIsNotPending() throws {
        var holder = try met()
        try holder.store([accepted(1...10), ops(11...20, [])])
        let pending = try holder.pending().filter { $0.log == room }
        #expect(pending.map(\.range) == [ReplicaRange(replica: replica, seqs: 11...20)])
        try holder.store([told(placement(11...20))])
        #expect(try holder.pending().filter { $0.log == room }.isEmpty)
        // No relay takes what lies beyond a gap.
        try holder.store([ops(25...30, [])])
        #expect(try holder.pending().filter { $0.log == room }.isEmpty)
        try holder.store([ops(21...24, [])])
        let whole = try holder.pending().filter { $0.log == room }
        #expect(whole.map(\.range) == [ReplicaRange(replica: replica, seqs: 21...30)])
    }

    func checkEndIsToldWhole() throws {
        var holder = try met()
        try holder.store([accepted(1...3), .synced(9)])
        #expect(try holder.greeting(relay: relay.publicKey, epoch: epoch).summary?.count == 1)
        // The status came, and the connection broke before the ops that say why.
        try holder.store([.ended(room)])
        #expect(try holder.greeting(relay: relay.publicKey, epoch: epoch).summary == nil)
        #expect(try holder.cursors().map(\.log) == [room])
        try holder.store([.ended(room), revocation()])
        #expect(try holder.cursors().isEmpty)
        try holder.store([.follows(room, from: 0, position: 72)])
        #expect(try holder.cursors().map(\.log) == [room], "the user was let in again")
    }

    func checkEndedOrderIsLetGo() throws {
        var holder = try met()
        try holder.store([accepted(1...40), .head(head(at: 40)), .ended(room)])
        try holder.meet(relay: relay.publicKey, epoch: Epoch(raw: 8), time: Self.time)
        // The relay lost the end, and more: the user is in, as far as it knows.
        try holder.store([.follows(room, from: 0, position: 30), told(placement(1...30))])
        try expectCursor(30, holder)
        #expect(try holder.placements(in: room, positions: 31...40).isEmpty)
        let pending = try holder.pending().filter { $0.log == room }
        #expect(pending.map(\.range) == [ReplicaRange(replica: replica, seqs: 31...40)])
    }

    func checkOverStaysAsItIs() throws {
        var holder = try met()
        try holder.store([accepted(1...40), .head(head(at: 20)), .ended(room), revocation()])
        try holder.meet(relay: relay.publicKey, epoch: Epoch(raw: 8), time: Self.time)
        #expect(try holder.cursors().isEmpty)
        try expectCursor(0, holder)
        let kept = try holder.placements(in: room, positions: 1...71)
        #expect(kept.map(\.count).reduce(0, +) == 41)
        // That relay has heard of the room, not of the end: only what it tells counts.
        try holder.store([.follows(room, from: 0, position: 30), told(placement(1...30))])
        try expectCursor(30, holder)
        #expect(try holder.placements(in: room, positions: 31...71).isEmpty)
    }

    func checkOverBeginsAgain() throws {
        var holder = try met()
        try holder.store([accepted(1...40), .ended(room), revocation()])
        try holder.meet(relay: relay.publicKey, epoch: Epoch(raw: 8), time: Self.time)
        // A device brings that the user is in again; what is known of the order is of before.
        try holder.store([outAndIn(72...72, [])])
        #expect(try holder.cursors().map(\.position) == [0])
        #expect(try holder.position(of: room) == 0)
    }

    /// Omid lets Emma out, at position 71.
    private func revocation() throws -> Arrival {
        try outAndIn(71...71, [placement(71...71)])
    }

    /// Omid lets Emma out, and in again.
    private func outAndIn(
        _ seqs: ClosedRange<UInt64>, _ placements: [Placement]
    ) throws -> Arrival {
        var omid = omid
        omid.write(.revoke, target: Dot(replica: replica, seq: 3), body: [], in: room)
        omid.grant(try TestStore.user("emma"), in: room)
        _ = try omid.pending()
        let range = ReplicaRange(replica: replica, seqs: seqs)
        let segment = try #require(
            try omid.segments(of: room, ranges: [range], withCards: true).first)
        return .ops(segment, placements)
    }
}
