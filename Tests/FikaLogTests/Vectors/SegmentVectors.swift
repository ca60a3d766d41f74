import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire

/// The bytes of the segment vectors: good ones, and each with one thing wrong.
enum SegmentVectors {
    private static func replica(ops: UInt64 = 200) -> TestReplica {
        var replica = TestReplica(seed: 1, log: logNumbered(1))
        replica.write(upTo: ops)
        return replica
    }

    /// Two replicas, a reply, a re-homed op, an erased one, full counters, an unknown kind.
    private static var mixedOps: [Op] {
        var emma = replica(ops: 3)
        var omid = TestReplica(seed: 2, log: emma.log, user: "omid")
        omid.write("svar", answering: emma.dot(2))
        omid.write(
            Kind(0x4001), body: [1, 2, 3], target: Dot(replica: replicaNumbered(9), seq: 77))
        let origin = Origin(
            dot: Dot(replica: replicaNumbered(8), seq: 5), bodyHash: emma.ops[1].bodyHash)
        let full = HybridTime(milliseconds: 1_700_000_000_100, counter: .max)
        emma.write(Kind(13), body: [1, 0x21], target: omid.dot(2), origin: origin, time: full)
        emma.write(.void, body: [], time: full.next)
        return [
            emma.ops[0], omid.ops[0], emma.ops[1], emma.ops[2].erased(residue: [9, 8, 7]),
            omid.ops[1], emma.ops[3], emma.ops[4], omid.ops[2],
        ]
    }

    private static func block(_ ops: [Op]) -> [UInt8] {
        var builder = SegmentBuilder(log: logNumbered(1))
        for op in ops { builder.append(op) }
        return builder.block()
    }

    /// One void op of replica 1 in the fewest bytes, for being broken byte by byte.
    private static var smallest: [UInt8] {
        block([
            Op(
                kind: .void, id: OpID(log: logNumbered(1), replica: replicaNumbered(1), seq: 2),
                time: HybridTime(raw: 1), content: .body([], salt: nil))
        ])
    }

    private static func smallest(_ change: (inout [UInt8]) -> Void) -> [UInt8] {
        var bytes = smallest
        change(&bytes)
        return bytes
    }

    static var blocks: [(String, [UInt8])] {
        let repeated = replica(ops: 12).ops
        // Offsets: 0 version, 1 flags, 2 log, 18 dictionary, 19 replicas, 20 replica, 36 runs,
        // 37 run, 40 heads, 41 bodies, 42 rows (kind, flags, run, body length).
        return [
            ("one op", smallest), ("mixed ops", block(mixedOps)),
            ("compressed", block(repeated)),
            ("bad: empty", []),
            ("bad: cut", Array(smallest.dropLast())),
            ("bad: left over", smallest + [0]),
            ("bad: version", smallest { $0[0] = 2 }),
            ("bad: flags", smallest { $0[1] = 2 }),
            ("bad: not compressed", smallest { $0[1] = 1 }),
            ("bad: dictionary", smallest { $0[18] = 1 }),
            ("bad: no replica", smallest { $0[19] = 0 }),
            ("bad: more replicas than bytes", smallest { $0[19] = 100 }),
            (
                "bad: replica twice",
                smallest { bytes in
                    bytes[19] = 2
                    bytes.insert(contentsOf: Array(bytes[20..<36]), at: 36)
                }
            ),
            ("bad: no run", smallest { $0[36] = 0 }),
            ("bad: run of nobody", smallest { $0[37] = 1 }),
            ("bad: run from 0", smallest { $0[38] = 0 }),
            ("bad: empty run", smallest { $0[39] = 0 }),
            (
                "bad: runs touch",
                smallest { bytes in
                    bytes[36] = 2
                    bytes.insert(contentsOf: [0, 3, 1], at: 40)
                }
            ),
            (
                "bad: long varint",
                smallest { bytes in
                    bytes[40] = 0x84
                    bytes.insert(0, at: 41)
                }
            ),
            (
                "bad: heads left over",
                smallest {
                    $0[39] = 1; $0[40] = 5; $0[42] = 5; $0.append(0)
                }
            ),
            (
                "bad: bodies left over",
                smallest {
                    $0[41] = 1; $0[42] = 5; $0.append(0)
                }
            ),
            ("bad: row flag", smallest { $0[44] = 0x81 }),
            ("bad: salted and erased", smallest { $0[44] = 25 }),
            ("bad: row of no run", smallest { $0[44] = 0 }),
            ("bad: row of an unknown run", smallest { $0[45] = 1 }),
            ("bad: a body that is not there", smallest { $0[46] = 1 }),
            ("bad: no salt", smallest { $0[44] = 9 }),
        ]
    }

    static var sealed: [(String, [UInt8])] {
        let replica = replica()
        let wrong = Hashes.digest([])
        func bytes(
            _ sealed: SealedSegment, _ change: (inout RunProof) -> Void = { _ in }
        ) -> [UInt8] {
            var proofs = sealed.proofs
            change(&proofs[0])
            return sealed.with(proofs: proofs).bytes
        }
        let whole = replica.segment(1...5)
        let tailed = replica.segment(66...68, sealedAt: 71)
        return [
            ("sealed from the start", bytes(whole)),
            ("sealed mid-chain with a card", bytes(replica.segment(60...66))),
            ("sealed with a tail", bytes(tailed)),
            ("sealed with erased ops", bytes(replica.segment(2...6, erasing: [3, 6]))),
            (
                "sealed in two runs",
                replica.segment(ofRanges: [1...2, 63...65], sealedAt: 70).bytes
            ),
            ("bad: sealed and cut", Array(bytes(whole).dropLast())),
            ("bad: sealed and left over", bytes(whole) + [0]),
            ("bad: seal missing", bytes(whole) { $0.seals.removeLast() }),
            (
                "bad: seal of another seq",
                bytes(whole) {
                    $0.seals[1] = Seal(seq: 5, signature: $0.seals[0].signature)
                }
            ),
            (
                "bad: permanent seal missing",
                bytes(replica.segment(60...66)) {
                    $0.seals.removeFirst()
                }
            ),
            ("bad: tail changed", bytes(tailed) { $0.tail[1] = wrong }),
            ("bad: tail short", bytes(tailed) { $0.tail.removeLast() }),
            ("bad: value before changed", bytes(tailed) { $0.before = wrong }),
            ("bad: no card", tailed.with(cards: []).bytes),
            ("bad: card twice", tailed.with(cards: [replica.card, replica.card]).bytes),
            (
                "bad: card with another time",
                tailed.with(cards: [
                    Card(
                        time: replica.card.time.next, introduction: replica.introduction,
                        signature: replica.card.signature)
                ]).bytes
            ),
        ]
    }
}
