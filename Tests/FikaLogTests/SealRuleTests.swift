import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// Where seals must stand, and what is said when they do not (rule S2).
@Suite struct SealRuleTests {
    private func replica(ops: UInt64 = 200) -> TestReplica {
        var replica = TestReplica(seed: 7, log: logNumbered(1))
        replica.write(upTo: ops)
        return replica
    }

    private func refusal(
        of sealed: SealedSegment, _ change: (inout RunProof) -> Void
    ) -> LogError? {
        var proofs = sealed.proofs
        change(&proofs[proofs.count - 1])
        do {
            _ = try sealed.with(proofs: proofs).verified()
            return nil
        } catch {
            return error
        }
    }

    @Test func `S2: a missing seal is named by the first op that it leaves uncovered`() {
        let replica = replica()
        let whole = replica.segment(1...200)
        #expect(refusal(of: whole) { $0.seals.remove(at: 1) } == .missingSeal(replica.id, seq: 2))
        #expect(refusal(of: whole) { $0.seals.remove(at: 2) } == .missingSeal(replica.id, seq: 65))
        #expect(refusal(of: whole) { $0.seals.removeLast() } == .missingSeal(replica.id, seq: 193))
        #expect(refusal(of: whole) { $0.seals = [] } == .missingSeal(replica.id, seq: 1))
        #expect(refusal(of: whole) { $0.seals.removeFirst() } == .missingSeal(replica.id, seq: 1))
        let middle = replica.segment(70...80)
        #expect(refusal(of: middle) { $0.seals = [] } == .missingSeal(replica.id, seq: 70))
    }

    @Test func `S2: swapped and repeated seals are refused`() {
        let replica = replica()
        let whole = replica.segment(1...200)
        #expect(refusal(of: whole) { $0.seals.swapAt(1, 2) } == .missingSeal(replica.id, seq: 2))
        #expect(
            refusal(of: whole) { $0.seals.insert($0.seals[1], at: 1) }
                == .missingSeal(replica.id, seq: 65))
        #expect(
            refusal(of: whole) {
                let signatures = $0.seals.map(\.signature)
                $0.seals[1] = Seal(seq: 64, signature: signatures[2])
                $0.seals[2] = Seal(seq: 128, signature: signatures[1])
            } == .badSeal(replica.id, seq: 64))
    }

    @Test func `S2: a tail of 63 verifies, one of 64 does not`() throws {
        let replica = replica()
        #expect(try replica.segment(65...65, sealedAt: 128).verified().runs[0].tail.count == 63)
        let far = replica.segment(64...64)
        let error = refusal(of: far) {
            $0 = RunProof(
                before: $0.before, seals: [replica.seal(at: 128)],
                tail: replica.ops[64..<128].map(\.hash))
        }
        #expect(error == .missingSeal(replica.id, seq: 64))
        let beyond = replica.segment(60...64)
        #expect(
            refusal(of: beyond) {
                $0.seals.append(replica.seal(at: 128))
                $0.tail = replica.ops[64..<128].map(\.hash)
            } == .inconsistent("a run ends at the first seal that covers it"))
    }

    @Test func `S2: a seal beyond the next multiple of 64 vouches for nothing`() {
        let replica = replica()
        let sealed = replica.segment(60...60, sealedAt: 64)
        #expect(
            refusal(of: sealed) {
                $0.seals = [replica.seal(at: 70)]
                $0.tail = replica.ops[60..<70].map(\.hash)
            } == .missingSeal(replica.id, seq: 60))
    }

    @Test func `S2: a tail or a value before that was tampered with is refused at its seal`() {
        let replica = replica()
        let sealed = replica.segment(66...70, sealedAt: 90)
        let wrong = Hashes.digest([1])
        let error = LogError.badSeal(replica.id, seq: 90)
        #expect(refusal(of: sealed) { $0.tail[3] = wrong } == error)
        #expect(refusal(of: sealed) { $0.tail.swapAt(0, 1) } == error)
        #expect(refusal(of: sealed) { $0.before = wrong } == error)
        #expect(
            refusal(of: sealed) { $0.tail.removeLast() } == .missingSeal(replica.id, seq: 71))
        #expect(refusal(of: sealed) { $0.tail.append(wrong) } == .missingSeal(replica.id, seq: 71))
    }

    @Test func `S2: exactly a range that starts mid-chain states the value before it`() {
        let replica = replica()
        let error = LogError.inconsistent(
            "a run that starts mid-chain states the value before it")
        #expect(refusal(of: replica.segment(2...5)) { $0.before = nil } == error)
        #expect(refusal(of: replica.segment(1...5)) { $0.before = replica.chains[0] } == error)
    }

    @Test func `S2: two runs of one replica that disagree are a fork`() throws {
        let replica = replica()
        let sealed = replica.segment(ofRanges: [2...5, 7...9], sealedAt: 9)
        var proofs = sealed.proofs
        proofs[0] = replica.proof(of: 2...5, sealedAt: 8)
        _ = try sealed.with(proofs: proofs).verified()
        proofs[1].before = Hashes.digest([])
        #expect(throws: LogError.fork(replica.id, seq: 7)) {
            try sealed.with(proofs: proofs).verified()
        }
        proofs = sealed.proofs
        proofs[0].tail = [replica.ops[5].hash, replica.ops[6].hash, Hashes.digest([])]
        proofs[0].seals = [replica.seal(at: 8)]
        #expect(throws: LogError.fork(replica.id, seq: 8)) {
            try sealed.with(proofs: proofs).verified()
        }
    }
}
