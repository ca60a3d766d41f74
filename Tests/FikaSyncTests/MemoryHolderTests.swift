import FikaChat
import FikaCRDT
import FikaLog
import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

@Suite struct MemoryHolderTests {
    @Test(arguments: SyncHolderCheck.allCases)
    func `the holder in memory keeps to the contract`(_ check: SyncHolderCheck) throws {
        let contract = try SyncHolderContract {
            try ClientScript.holder("emma", seed: 1)
        }
        try contract.run(check)
    }

    /// A room with what nobody else may say in it, refused.
    private struct Refused {
        var holder: MemoryHolder
        let room: LogID
        let last: Op
        let relay = TestStore.key(900).publicKey

        init(_ kind: ChatKind) throws {
            holder = try ClientScript.holder("emma", seed: 1)
            room = holder.makeRoom("Fika")
            last = holder.write(kind, body: [], in: room)
            _ = try holder.pending()
            meet(Epoch(raw: 7))
            try holder.store([
                place(1...2),
                .refused(
                    Refusal(
                        log: room, replica: last.id.dot.replica, seq: 3, action: .refused,
                        reason: CloseReason.notMember.rawValue, accepted: 2)),
            ])
        }

        mutating func meet(_ epoch: Epoch) {
            holder.meet(relay: relay, epoch: epoch, time: holder.now)
        }

        func place(_ seqs: ClosedRange<UInt64>) -> Arrival {
            .placed(
                room,
                [
                    Placement(
                        replica: last.id.dot.replica, seq: seqs.lowerBound,
                        count: UInt64(seqs.count), position: seqs.lowerBound,
                        acceptedAt: holder.now)
                ])
        }
    }

    @Test func `who left by what was refused is still in`() throws {
        let refused = try Refused(.leave)
        #expect(refused.holder.kept == [refused.last])
        #expect(refused.holder.mayRead(refused.room, refused.holder.user))
    }

    @Test func `what is refused for its time who is out does not say again`() throws {
        var holder = try ClientScript.holder("emma", seed: 1)
        let room = holder.makeRoom("Fika")
        let last = holder.say("Semlor!", in: room)
        _ = try holder.pending()
        holder.meet(relay: TestStore.key(900).publicKey, epoch: Epoch(raw: 7), time: holder.now)
        let refusal = Refusal(
            log: room, replica: last.id.dot.replica, seq: 1, action: .refused,
            reason: CloseReason.clockAhead.rawValue, accepted: 0)
        try holder.store([.ended(room), .refused(refusal)])
        #expect(try holder.pending().isEmpty)
        #expect(holder.kept.contains(last))
    }

    @Test func `what is accepted after a refusal, and lost then, is sent again`() throws {
        var refused = try Refused(.leave)
        try refused.holder.store([refused.place(3...3)])
        #expect(refused.holder.kept.isEmpty)
        refused.meet(Epoch(raw: 8))
        let pending = try refused.holder.pending().map(\.range.seqs)
        #expect(pending == [1...3])
    }
}
