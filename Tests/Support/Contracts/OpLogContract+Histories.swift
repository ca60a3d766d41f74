import FikaSimulation
import FikaCRDT
import FikaLog
import Testing

extension OpLogContract {
    func checkRandomHistories() throws {
        let replicas = (1...3).map { replica($0, in: $0 % 2, upTo: 200) }
        forAll(count: 25) { generator in
            var log = try make()
            var model = PlainLog()
            for _ in 0..<generator.number(in: 1...20) {
                let replica = generator.pick(replicas)
                if generator.oneIn(5) {
                    let op = generator.pick(replica.ops.dropFirst())
                    guard model.erase(op.id.dot, residue: [4]) else { continue }
                    try log.erase(op.id, residue: [4])
                } else {
                    let first = generator.number(in: 1...200 as ClosedRange<UInt64>)
                    let count = generator.number(in: 0...(generator.bool() ? 3 : 90)) as UInt64
                    let last = min(first + count, 200)
                    let permanent = Seal.nextPermanent(after: last - 1)
                    let sealedAt = generator.number(in: last...min(permanent, 200))
                    let erased =
                        generator.oneIn(3)
                        ? Set([generator.number(in: 2...200 as ClosedRange<UInt64>)]) : []
                    let sealed = replica.segment(
                        first...last, sealedAt: sealedAt, erasing: erased)
                    let report = try append(sealed, to: &log)
                    let new = model.append(sealed, by: replica)
                    #expect(report.newRows.count == new)
                    #expect(report.newRows.count + report.heldCount == sealed.segment.rows.count)
                }
                #expect(try LogDump(of: log) == model.dump(of: replicas))
            }
            for id in try log.logs() {
                for segment in try export(log, id) {
                    #expect(try append(segment, to: &log).newRows.isEmpty)
                }
            }
            #expect(try LogDump(of: log) == model.dump(of: replicas))
        }
    }
}

/// What a log must hold, in two dictionaries; the truth about chains comes from the replicas.
private struct PlainLog {
    private var ops: [Dot: Op] = [:]
    private var seals: [Dot: HeldSeal] = [:]

    /// Returns how many ops are new.
    mutating func append(_ sealed: SealedSegment, by replica: TestReplica) -> Int {
        let count = ops.count
        for op in sealed.segment.ops where ops[op.id.dot] == nil { ops[op.id.dot] = op }
        for seal in sealed.proofs.flatMap(\.seals) {
            seals[replica.dot(seal.seq)] = HeldSeal(
                seq: seal.seq, chain: replica.chains[Int(seal.seq)], signature: seal.signature)
        }
        return ops.count - count
    }

    /// Returns whether the op is held.
    mutating func erase(_ dot: Dot, residue: [UInt8]) -> Bool {
        guard let op = ops[dot] else { return false }
        if op.body != nil { ops[dot] = op.erased(residue: residue) }
        return true
    }

    func dump(of replicas: [TestReplica]) -> LogDump {
        let held = replicas.filter { replica in ops.keys.contains { $0.replica == replica.id } }
        let order = held.sorted { $0.log != $1.log ? $0.log < $1.log : $0.id < $1.id }
        return LogDump(
            replicas: order.map { replica in
                let ops = ops.values.filter { $0.id.dot.replica == replica.id }
                    .sorted { $0.id.dot.seq < $1.id.dot.seq }
                let seals = seals.filter { $0.key.replica == replica.id }.map(\.value)
                    .sorted { $0.seq < $1.seq }
                let seqs = IntervalSet(ops.map { $0.id.dot.seq...$0.id.dot.seq })
                let have = ReplicaHave(
                    intervals: seqs.intervals.map { range in
                        let last = range.upperBound
                        let sealed = seals.first { $0.seq >= last }?.seq ?? last
                        return HaveInterval(
                            first: range.lowerBound, last: last,
                            before: replica.chains[Int(range.lowerBound) - 1],
                            end: replica.chains[Int(last)],
                            tail: replica.ops[Int(last)..<Int(sealed)].map(\.hash))
                    })
                return LogDump.Replica(
                    log: replica.log, card: replica.card, have: have, seals: seals, ops: ops)
            })
    }
}
