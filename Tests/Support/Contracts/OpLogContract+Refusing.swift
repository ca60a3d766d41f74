import FikaCRDT
import FikaLog
import Testing

extension OpLogContract {
    /// Two replicas with one identity that part after `seq`.
    private func branches(
        partingAfter seq: UInt64, upTo last: UInt64
    ) -> (TestReplica, TestReplica) {
        var left = replica(upTo: seq)
        var right = left
        left.write("left")
        right.write("right")
        left.write(upTo: last)
        right.write(upTo: last)
        return (left, right)
    }

    private func known(_ replica: TestReplica, _ sealed: SealedSegment) throws -> VerifiedSegment {
        try SegmentVerifier.verify(sealed, known: { $0 == replica.id ? replica.card : nil })
    }

    func checkForksAreRefusedWhole() throws {
        let (left, right) = branches(partingAfter: 40, upTo: 200)
        let cases: [(held: ClosedRange<UInt64>, ClosedRange<UInt64>, fork: UInt64)] = [
            (1...100, 1...100, 41), (1...41, 41...60, 41), (1...100, 90...120, 90),
            (1...50, 51...60, 51), (60...70, 1...59, 60), (60...70, 50...65, 60),
            (1...200, 65...70, 65), (1...64, 30...45, 41), (30...45, 1...64, 41),
        ]
        for (held, new, seq) in cases {
            var log = try make()
            try append(left.segment(held), to: &log)
            try expectRefusal(
                .fork(left.id, seq: seq), of: known(left, right.segment(new)), by: &log)
        }
        // A good run in the same segment is not taken either.
        var log = try make()
        try append(left.segment(1...100), to: &log)
        var other = replica(8, upTo: 0)
        other.write(upTo: 3)
        var builder = SegmentBuilder(log: left.log)
        for op in other.ops + right.ops[1..<50] { builder.append(op) }
        let both = TestReplica.sealed(
            builder, cards: [],
            proofs: [other.proof(of: 1...3, sealedAt: 3), right.proof(of: 2...50, sealedAt: 50)])
        try expectRefusal(.fork(left.id, seq: 41), of: known(left, both), by: &log)
        #expect(try log.replicas(of: left.log) == [left.id])
    }

    func checkForkedTailsAreRefused() throws {
        let (left, right) = branches(partingAfter: 40, upTo: 100)
        typealias Range = (seqs: ClosedRange<UInt64>, sealedAt: UInt64)
        let cases: [(Range, Range, fork: UInt64)] = [
            ((1...40, 50), (30...40, 45), 41),  // both tails
            ((1...40, 50), (41...45, 45), 41),  // a tail, and ops where it was
            ((41...50, 50), (1...40, 45), 41),  // ops, and a tail where they are
            ((1...40, 50), (45...50, 50), 45),  // the chain at a seal
            ((41...42, 50), (30...40, 60), 41),  // a tail over ops and their tail
        ]
        for (held, new, seq) in cases {
            var log = try make()
            try append(left.segment(held.seqs, sealedAt: held.sealedAt), to: &log)
            try expectRefusal(
                .fork(left.id, seq: seq),
                of: known(left, right.segment(new.seqs, sealedAt: new.sealedAt)), by: &log)
        }
    }

    func checkForkedIntroductionsAreRefused() throws {
        var log = try make()
        let held = replica(upTo: 80)
        let other = Introduction(
            publicKey: held.introduction.publicKey, incarnation: held.introduction.incarnation,
            user: UserID("omid"), deviceName: "laptop", preimage: nil)
        let text = Hashes.chain(
            after: held.chains[0],
            opHash: Card(
                time: held.card.time, introduction: other, signature: held.card.signature
            ).op(in: held.log).hash)
        let card = Card(
            time: held.card.time, introduction: other,
            signature: held.key.sign(
                Seal.text(log: held.log, replica: held.id, seq: 1, chain: text)))
        try append(held.segment(70...80), to: &log)
        let forged = try held.segment(40...50).with(cards: [card]).verified()
        try expectRefusal(.fork(held.id, seq: 1), of: forged, by: &log)
    }

    func checkStrangersAreRefused() throws {
        var log = try make()
        let replica = replica(upTo: 5)
        let verified = try known(replica, replica.segment(2...5).with(cards: []))
        try expectRefusal(
            .unproven(replica.id, reason: "it was never introduced"), of: verified, by: &log)
        #expect(try log.logs().isEmpty)
    }

    func checkEraseKeepsHash() throws {
        var log = try make()
        let replica = replica(upTo: 100)
        try append(replica.segment(1...90), to: &log)
        for seq in [2, 64, 90] as [UInt64] {
            let id = replica.ops[Int(seq) - 1].id
            try log.erase(id, residue: [UInt8](repeating: 9, count: Int(seq % 9)))
            let op = try #require(
                try log.ops(of: replica.id, in: replica.log, seqs: seq...seq).first)
            #expect(
                op
                    == replica.ops[Int(seq) - 1].erased(
                        residue: [UInt8](repeating: 9, count: Int(seq % 9))))
            let dump = try LogDump(of: log)
            try log.erase(id, residue: [1])
            #expect(try LogDump(of: log) == dump, "erasing twice changes nothing")
        }
        try append(replica.segment(91...100), to: &log)
        try append(replica.segment(1...100), to: &log)
        #expect(try log.have(of: replica.id, in: replica.log).intervals.count == 1)
        var copy = try make()
        for sealed in try export(log, replica.log) { try append(sealed, to: &copy) }
        #expect(try LogDump(of: copy) == LogDump(of: log))
    }

    func checkEraseRefusals() throws {
        var log = try make()
        let replica = replica(upTo: 10)
        try append(replica.segment(1...5), to: &log)
        let dump = try LogDump(of: log)
        func refusal(of id: OpID) -> LogError? {
            do {
                try log.erase(id, residue: [])
                return nil
            } catch {
                return self.refusal(error)
            }
        }
        #expect(refusal(of: replica.ops[5].id) == .notHeld(replica.ops[5].id))
        #expect(refusal(of: replica.ops[0].id) == .notErasable(replica.ops[0].id))
        let elsewhere = OpID(log: logNumbered(9), dot: replica.dot(2))
        #expect(refusal(of: elsewhere) == .notHeld(elsewhere))
        #expect(try LogDump(of: log) == dump)
    }

    func checkErasedStaysErased() throws {
        var log = try make()
        let replica = replica(upTo: 20)
        try append(replica.segment(1...20, erasing: [5]), to: &log)
        try log.erase(replica.ops[6].id, residue: [])
        let report = try append(replica.segment(1...20), to: &log)
        #expect(report.newRows.isEmpty)
        let ops = try log.ops(of: replica.id, in: replica.log, seqs: 1...20)
        #expect(ops.filter { $0.body == nil }.map(\.id.dot.seq) == [5, 7])
        #expect(ops.map(\.hash) == replica.ops.map(\.hash))
    }
}
