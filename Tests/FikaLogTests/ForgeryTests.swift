import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// What somebody may hand over that its author never wrote, and the error that names it.
@Suite struct ForgeryTests {
    private func replica(ops: UInt64 = 200, seed: UInt64 = 7) -> TestReplica {
        var replica = TestReplica(seed: seed, log: logNumbered(1))
        replica.write(upTo: ops)
        return replica
    }

    private func expect(
        _ error: LogError, from sealed: SealedSegment, known: Card? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: sourceLocation) {
            try SegmentVerifier.verify(
                sealed, known: { $0 == known?.replica ? known : nil })
        }
    }

    private func changing(
        seq: UInt64, of replica: TestReplica, in seqs: ClosedRange<UInt64>,
        _ change: (inout Op) -> Void
    ) -> SealedSegment {
        var builder = SegmentBuilder(log: replica.log)
        for op in replica.ops[Int(seqs.lowerBound) - 1..<Int(seqs.upperBound)] {
            var op = op
            if op.id.dot.seq == seq { change(&op) }
            builder.append(op)
        }
        let sealed = replica.segment(seqs)
        return TestReplica.sealed(builder, cards: sealed.cards, proofs: sealed.proofs)
    }

    @Test func `S1: an op with any field changed is refused at the next seal`() {
        let replica = replica()
        let dot = Dot(replica: replica.id, seq: 1)
        let changes: [(inout Op) -> Void] = [
            { $0.kind = Kind(11) },
            { $0.time = $0.time.next },
            { $0.target = dot },
            { $0.origin = Origin(dot: dot, bodyHash: Hashes.digest([])) },
            { $0.content = .body([0], salt: Salt(raw: 1)) },
            { $0.content = .body($0.body ?? [], salt: Salt(raw: 1)) },
            { $0.content = .body($0.body ?? [], salt: nil) },
            { $0.content = .erased(bodyHash: Hashes.digest([]), residue: []) },
        ]
        for change in changes {
            expect(
                .badSeal(replica.id, seq: 64),
                from: changing(seq: 30, of: replica, in: 2...100, change))
            expect(
                .badSeal(replica.id, seq: 100),
                from: changing(seq: 70, of: replica, in: 65...100, change))
        }
    }

    @Test func `S1: ops are bound to their log`() throws {
        let replica = replica(ops: 10)
        var builder = SegmentBuilder(log: logNumbered(2))
        for op in replica.ops {
            var op = op
            op.id = OpID(log: logNumbered(2), dot: op.id.dot)
            builder.append(op)
        }
        let proofs = replica.segment(1...10).proofs
        expect(
            .badSeal(replica.id, seq: 1),
            from: TestReplica.sealed(builder, cards: [], proofs: proofs))
    }

    @Test func `S1: seals of another key are refused`() {
        let replica = replica(ops: 10)
        let other = self.replica(ops: 10, seed: 8)
        let sealed = replica.segment(1...10)
        expect(
            .badSeal(replica.id, seq: 1),
            from: sealed.with(proofs: other.segment(1...10).proofs))
        let middle = replica.segment(2...10)
        expect(
            .badSeal(replica.id, seq: 1),
            from: middle.with(cards: [
                Card(
                    time: replica.card.time, introduction: replica.introduction,
                    signature: other.card.signature)
            ]))
    }

    @Test func `O4: key and incarnation give the replica's id`() {
        let replica = replica(ops: 5)
        var generator = SplitMix64(seed: 99)
        let truth = replica.introduction
        let forged = Introduction(
            publicKey: truth.publicKey, incarnation: Incarnation(using: &generator),
            user: truth.user, deviceName: truth.deviceName, preimage: nil)
        expect(
            .unproven(
                replica.id, reason: "key and incarnation do not give the replica's id"),
            from: changing(seq: 1, of: replica, in: 1...5) {
                $0.content = .body(forged.body, salt: nil)
            })
        let other = Introduction(
            publicKey: DeviceKey(using: &generator).publicKey, incarnation: truth.incarnation,
            user: truth.user, deviceName: truth.deviceName, preimage: nil)
        expect(
            .unproven(
                replica.id, reason: "key and incarnation do not give the replica's id"),
            from: changing(seq: 1, of: replica, in: 1...5) {
                $0.content = .body(other.body, salt: nil)
            })
    }

    @Test func `O4: the first op is a plain introduction`() {
        let replica = replica(ops: 5)
        let dot = Dot(replica: replica.id, seq: 3)
        let changes: [(inout Op) -> Void] = [
            { $0.kind = Kind(10) },
            { $0.target = dot },
            { $0.origin = Origin(dot: dot, bodyHash: Hashes.digest([])) },
            { $0 = $0.erased() },
            { $0.content = .body($0.body ?? [], salt: Salt(raw: 1)) },
        ]
        for change in changes {
            expect(
                .unproven(replica.id, reason: "the first op is no introduction"),
                from: changing(seq: 1, of: replica, in: 1...5, change))
        }
    }

    @Test func `O4: nobody introduces itself twice`() {
        var replica = replica(ops: 5)
        replica.write(.introduction, body: replica.introduction.body)
        expect(
            .unproven(replica.id, reason: "it introduces itself twice"),
            from: replica.segment(1...6))
        expect(
            .unproven(replica.id, reason: "it introduces itself twice"),
            from: replica.segment(4...6))
    }

    @Test func `O4: the shown preimage gives the log's id, and names the writer`() throws {
        let users = try ["emma", "omid"].map { try #require(UserID($0)) }
        let workspace = WorkspaceID(high: 5, low: 6)
        let preimage = LogPreimage(workspace: workspace, kind: .privateChat, users: users)
        let log = Hashes.derivedLogID(preimage)
        for user in ["emma", "omid"] {
            let member = TestReplica(seed: 1, log: log, user: user, preimage: preimage)
            _ = try member.segment(1...1).verified()
        }
        let stranger = TestReplica(seed: 1, log: log, user: "vera", preimage: preimage)
        expect(
            .unproven(stranger.id, reason: "the log belongs to others"),
            from: stranger.segment(1...1))
        let elsewhere = TestReplica(seed: 1, log: logNumbered(1), preimage: preimage)
        expect(
            .unproven(elsewhere.id, reason: "the preimage does not give the log's id"),
            from: elsewhere.segment(1...1))
        var later = TestReplica(seed: 1, log: logNumbered(1), preimage: preimage)
        later.write(upTo: 3)
        expect(
            .unproven(later.id, reason: "the preimage does not give the log's id"),
            from: later.segment(2...3))
    }

    @Test func `O4: whoever was never introduced is not heard`() {
        let replica = replica(ops: 5)
        expect(
            .unproven(replica.id, reason: "it was never introduced"),
            from: replica.segment(2...5).with(cards: []))
    }

    @Test func `O4: a second introduction of a known replica is a fork at seq 1`() {
        let replica = replica(ops: 5)
        let card = Card(
            time: replica.card.time.next, introduction: replica.introduction,
            signature: replica.card.signature)
        expect(.fork(replica.id, seq: 1), from: replica.segment(1...5), known: card)
    }

    @Test func `cards rise, none twice, none of a stranger`() {
        let replica = replica(ops: 5)
        let other = self.replica(ops: 5, seed: 8)
        let error = LogError.inconsistent(
            "cards rise, and are of replicas whose ops come with them")
        let sealed = replica.segment(2...5)
        expect(error, from: sealed.with(cards: [replica.card, replica.card]))
        expect(error, from: sealed.with(cards: [replica.card, other.card]))
        expect(error, from: sealed.with(cards: [other.card]))
    }
}
