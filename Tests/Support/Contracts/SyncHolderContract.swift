import FikaSimulation
import FikaCRDT
import FikaLog
package import FikaSync
import Testing

/// What every ``SyncHolder`` must do, whatever it is kept in.
///
/// Each check starts from an empty holder of the user emma in the test stores' workspace, and tells
/// it of a room that Omid made: create, grant to Emma and messages, seqs and positions 1 to 70.
package struct SyncHolderContract<Holder: SyncHolder> {
    let make: () throws -> Holder
    let room: LogID
    let replica: ReplicaID
    let omid: MemoryHolder
    let relay = TestStore.key(900)
    let epoch = Epoch(raw: 7)
    static var time: UInt64 { 1_767_603_700_000 }

    package init(make: @escaping () throws -> Holder) throws {
        self.make = make
        var omid = MemoryHolder(
            user: try TestStore.user("omid"), seed: 2, workspace: TestStore.workspace)
        room = omid.makeRoom("Fika")
        omid.grant(try TestStore.user("emma"), in: room)
        for number in 4...70 { omid.say("message \(number)", in: room) }
        _ = try omid.pending()
        replica = try #require(omid.log.replicas(of: room).first)
        self.omid = omid
    }

    package func run(_ check: SyncHolderCheck) throws {
        switch check {
        case .cursorStopsAtGaps: try checkCursorStopsAtGaps()
        case .placementsComeInAnyOrder: try checkPlacementsComeInAnyOrder()
        case .repeatedChangesNothing: try checkRepeatedChangesNothing()
        case .badSegmentsStoreNothing: try checkBadSegmentsStoreNothing()
        case .otherOrderIsTaken: try checkOtherOrderIsTaken()
        case .headsJoin: try checkHeadsJoin()
        case .sameEpochKeepsCursors: try checkSameEpochKeepsCursors()
        case .anotherEpochVoidsCursors: try checkAnotherEpochVoidsCursors()
        case .greetingWritesNothing: try checkGreetingWritesNothing()
        case .havesAndSegments: try checkHavesAndSegments()
        case .acceptedIsNotPending: try checkAcceptedIsNotPending()
        case .endIsToldWhole: try checkEndIsToldWhole()
        case .endedOrderIsLetGo: try checkEndedOrderIsLetGo()
        case .overStaysAsItIs: try checkOverStaysAsItIs()
        case .overBeginsAgain: try checkOverBeginsAgain()
        }
    }

    // MARK: What is told

    func met() throws -> Holder {
        var holder = try make()
        try holder.meet(relay: relay.publicKey, epoch: epoch, time: Self.time)
        return holder
    }

    func placement(_ seqs: ClosedRange<UInt64>, at position: UInt64? = nil) -> Placement {
        Placement(
            replica: replica, seq: seqs.lowerBound, count: UInt64(seqs.count),
            position: position ?? seqs.lowerBound, acceptedAt: Self.time + seqs.lowerBound)
    }

    func ops(_ seqs: ClosedRange<UInt64>, _ placements: [Placement]) throws -> Arrival {
        let range = ReplicaRange(replica: replica, seqs: seqs)
        let segment = try #require(
            try omid.segments(of: room, ranges: [range], withCards: true).first)
        return .ops(try SealedSegment(bytes: segment.bytes), placements)
    }

    func accepted(_ seqs: ClosedRange<UInt64>) throws -> Arrival {
        try ops(seqs, [placement(seqs)])
    }

    func told(_ placements: Placement...) -> Arrival { .placed(room, placements) }

    /// The running and the access hash after a position, when seqs are positions.
    func hashes(at position: UInt64) -> (running: Digest, access: Digest) {
        var running = RunningHash.start(log: room)
        var access = running
        for op in omid.ops(of: room).prefix(Int(position)) {
            let position = op.id.dot.seq
            running = RunningHash.next(after: running, opHash: op.hash)
            if (2...6).contains(op.kind.number) {
                access = RunningHash.nextAccess(
                    after: access, opHash: op.hash, position: position)
            }
        }
        return (running, access)
    }

    func head(at position: UInt64, running: Digest? = nil) -> Head {
        let hashes = hashes(at: position)
        return Head.signed(
            log: room, epoch: epoch, position: position, running: running ?? hashes.running,
            access: hashes.access, by: relay)
    }

    /// Expects the cursor at a position, with the hash that joins.
    func expectCursor(
        _ position: UInt64, _ holder: Holder, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try holder.position(of: room) == position, sourceLocation: sourceLocation)
        let cursor = try holder.cursors().first { $0.log == room }
        guard position > 0, let cursor else { return }
        #expect(cursor.position == position, sourceLocation: sourceLocation)
        let prefix = LogCursor.prefix(hashes(at: position).running)
        #expect(cursor.runningPrefix == prefix, sourceLocation: sourceLocation)
    }
}
