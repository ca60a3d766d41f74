import FikaSimulation
import FikaCRDT
import FikaLog
import FikaRelay
import FikaTestSupport
import Testing

/// An order that a relay gave, lost, and is brought again.
private struct LostOrder {
    let log = LogID(high: 7, low: 7)
    let key: DeviceKey
    let before = Epoch(raw: 1)
    var anna: TestReplica
    var bo: TestReplica
    private(set) var placements: [Placement] = []
    private(set) var heads: [Head] = []

    /// Three stretches of two replicas; kind 3 is the only access kind.
    init() {
        var generator = SplitMix64(seed: 1)
        key = DeviceKey(using: &generator)
        anna = TestReplica(seed: 1, log: log, user: "anna")
        bo = TestReplica(seed: 2, log: log, user: "bo")
        anna.write(upTo: 4)
        anna.write(Kind(3), body: [1])
        bo.write(upTo: 3)
        bo.write(Kind(3), body: [2])
        place(anna, 1...5)
        place(bo, 1...4)
        anna.write(upTo: 8)
        place(anna, 6...8)
    }

    private mutating func place(_ replica: TestReplica, _ seqs: ClosedRange<UInt64>) {
        placements.append(
            Placement(
                replica: replica.id, seq: seqs.lowerBound, count: UInt64(seqs.count),
                position: (placements.last?.lastPosition ?? 0) + 1, acceptedAt: 9))
        var running = RunningHash.start(log: log)
        var access = running
        var position: UInt64 = 0
        for placement in placements {
            for seq in placement.seq...placement.lastSeq {
                let op = (placement.replica == anna.id ? anna : bo).ops[Int(seq) - 1]
                position += 1
                running = RunningHash.next(after: running, opHash: op.hash)
                guard op.kind == Kind(3) else { continue }
                access = RunningHash.nextAccess(
                    after: access, opHash: op.hash, position: position)
            }
        }
        heads.append(
            .signed(
                log: log, epoch: before, position: position, running: running, access: access,
                by: key))
    }

    var start: Cursor { Cursor(position: 0, running: RunningHash.start(log: log)) }

    /// A wiped relay's log that was brought some of the ops again.
    func wiped(holding replicas: [TestReplica]) throws -> MemoryRelayLog {
        var log = MemoryRelayLog()
        for replica in replicas {
            for segment in replica.segments {
                let verified = try SegmentVerifier.verify(segment, known: { _ in nil })
                _ = try log.append(verified)
            }
        }
        return log
    }

    static func isAccess(_ kind: Kind) -> Bool { kind == Kind(3) }
}

@Suite("Taking over an order")
struct TakeoverTests {
    @Test func `C2: placements count once the whole sequence joins the head`() throws {
        let lost = LostOrder()
        let log = try lost.wiped(holding: [lost.anna, lost.bo])
        var filling = OrderFilling(
            after: lost.start, access: lost.start.running, upTo: lost.heads[2])
        let isTakenInPart = filling.add(Array(lost.placements[..<2]))
        #expect(isTakenInPart)
        #expect(!filling.isWhole)
        #expect(
            filling.proven(
                in: log, isAccess: LostOrder.isAccess) == nil)
        let isTakenWhole = filling.add([lost.placements[2]])
        #expect(isTakenWhole)
        let proven = try #require(
            filling.proven(
                in: log, isAccess: LostOrder.isAccess))
        #expect(proven.map(\.placement) == lost.placements)
        #expect(proven.map(\.running) == lost.heads.map(\.running))
    }

    @Test func `C2: a sequence that joins no head proves nothing`() throws {
        let lost = LostOrder()
        let log = try lost.wiped(holding: [lost.anna, lost.bo])
        var swapped = lost.placements
        swapped[0].replica = lost.bo.id
        swapped[0].count = 4
        swapped[1].replica = lost.anna.id
        swapped[1].position = 5
        swapped[1].count = 5
        var filling = OrderFilling(
            after: lost.start, access: lost.start.running, upTo: lost.heads[2])
        let isTaken = filling.add(swapped)
        #expect(isTaken)
        #expect(filling.isWhole)
        #expect(
            filling.proven(
                in: log, isAccess: LostOrder.isAccess) == nil)
    }

    @Test func `C2: placements with a gap are not taken`() {
        let lost = LostOrder()
        var filling = OrderFilling(
            after: lost.start, access: lost.start.running, upTo: lost.heads[2])
        let isTaken = filling.add([lost.placements[1]])
        #expect(!isTaken)
        #expect(!filling.isWhole)
    }

    @Test func `C2: a filling goes on where another ended, and ends at a shorter head`() throws {
        let lost = LostOrder()
        let log = try lost.wiped(holding: [lost.anna, lost.bo])
        let cursor = Cursor(position: 5, running: lost.heads[0].running)
        var filling = OrderFilling(after: cursor, access: lost.heads[0].access, upTo: lost.heads[1])
        let isTaken = filling.add(lost.placements)
        #expect(isTaken)
        let proven = try #require(
            filling.proven(
                in: log, isAccess: LostOrder.isAccess))
        #expect(proven.map(\.placement) == [lost.placements[1]])
    }

    @Test func `C2: an op that is not held keeps a sequence unproven`() throws {
        let lost = LostOrder()
        let log = try lost.wiped(holding: [lost.anna])
        var filling = OrderFilling(
            after: lost.start, access: lost.start.running, upTo: lost.heads[2])
        let isTaken = filling.add(lost.placements)
        #expect(isTaken)
        #expect(
            filling.proven(
                in: log, isAccess: LostOrder.isAccess) == nil)
    }
}

@Suite("What a head means")
struct HeadVerdictTests {
    private let lost = LostOrder()
    private let now = Epoch(raw: 2)

    private func order(position: UInt64, reserved: Head? = nil, firstGiven: UInt64? = nil)
        -> LogOrder
    {
        LogOrder(
            log: lost.log, number: 1, workspace: WorkspaceID(high: 1, low: 1),
            position: position, running: lost.start.running, access: lost.start.running,
            reserved: reserved, firstGiven: firstGiven)
    }

    private func verdict(
        _ head: Head, order: LogOrder? = nil, running: Digest? = nil, epoch: Epoch? = nil,
        keys: [PublicKey]? = nil
    ) -> HeadVerdict {
        HeadVerdict(
            of: head, order: order, running: running, epoch: epoch ?? now,
            keys: keys ?? [lost.key.publicKey])
    }

    @Test func `a wiped relay takes over a head of its own key`() {
        #expect(verdict(lost.heads[2]) == .takesOver)
    }

    @Test func `S4: a longer head takes over as long as no position was given`() {
        let reserved = order(position: 9, reserved: lost.heads[1])
        #expect(verdict(lost.heads[2], order: reserved) == .takesOver)
        #expect(verdict(lost.heads[0], order: reserved) == .withinReserved)
        #expect(
            verdict(lost.heads[2], order: order(position: 10, firstGiven: 10)) == .isSecondOrder)
    }

    @Test func `a head that the order contains changes nothing`() {
        let held = order(position: 12, firstGiven: 1)
        #expect(verdict(lost.heads[1], order: held, running: lost.heads[1].running) == .contained)
    }

    @Test func `S5: only a head of this epoch that is not contained proves a loss`() {
        let held = order(position: 5, firstGiven: 1)
        #expect(verdict(lost.heads[1], order: held, epoch: lost.before) == .provesLoss)
        #expect(
            verdict(lost.heads[0], order: held, running: lost.start.running, epoch: lost.before)
                == .provesLoss)
        #expect(verdict(lost.heads[1], order: held) == .isSecondOrder)
    }

    @Test func `a forged head or a stranger's is not believed`() {
        var forged = lost.heads[2]
        forged.position += 1
        #expect(verdict(forged) == .untrusted)
        var generator = SplitMix64(seed: 9)
        let other = DeviceKey(using: &generator).publicKey
        #expect(verdict(lost.heads[2], keys: [other]) == .untrusted)
    }
}

extension OrderFilling {
    fileprivate func proven(
        in log: MemoryRelayLog, isAccess: (Kind) -> Bool
    ) -> [PlacedRun]? {
        proven(
            isAccess: isAccess,
            ops: { log.ops(of: $0, in: head.log, seqs: $1).map(\.claimed) })
    }
}
