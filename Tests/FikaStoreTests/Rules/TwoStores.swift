import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport

/// Emma's room with Bo in it, each with a store and both with one clock.
struct TwoStores {
    let emma: TestStore
    let bo: TestStore
    let room: LogID
    let relay = TestRelay()

    init() throws {
        emma = try TestStore(user: "emma", seed: 1)
        bo = try TestStore(user: "bo", seed: 2, clock: emma.clock)
        room = try emma.makeRoom("Fredagsfika")
        try emma.grant("bo", in: room)
        try bo.take(emma.exported([room]))
    }

    /// Everybody has everything.
    func meet() throws {
        try emma.exchange(with: bo, room)
    }

    /// Everybody has everything, and the relay has accepted it.
    func settle() throws {
        try meet()
        try relay.accept(room, of: emma)
        for store in [emma, bo] { try relay.tell(room, to: store) }
    }

    /// Another device of Emma or Bo that holds what Emma's holds.
    func device(of user: String, seed: UInt64) throws -> TestStore {
        let device = try TestStore(user: user, seed: seed, clock: emma.clock)
        try device.take(emma.exported([room]))
        return device
    }

    /// A device without a store, for ops that no store would write.
    func bareDevice(of user: String, seed: UInt64) -> TestReplica {
        TestReplica(seed: seed, log: room, user: user)
    }

    /// A time that no op has yet, above all that the room holds.
    func nextTime() -> HybridTime {
        emma.clock.advance(byMilliseconds: 1000)
        return HybridTime(milliseconds: emma.clock.now)
    }

    @discardableResult
    func write(
        _ kind: ChatKind, at target: Dot? = nil, _ body: [UInt8] = [], by test: TestStore
    ) throws -> Dot? {
        try test.write([OpDraft(kind, target: target, body: body)], to: room).first??.dot
    }

    func edit(
        _ id: OpID, _ text: String, mentions: [UserID] = [], by test: TestStore
    ) throws {
        let body = MessageBody(text: text, mentions: mentions).body
        try write(.edit, at: id.dot, body, by: test)
    }

    func delete(_ id: Dot, by test: TestStore) throws {
        try write(.delete, at: id, by: test)
    }

    /// The row of an op as a store shows it.
    func row(_ id: Dot, in test: TestStore) throws -> TimelineRow? {
        try test.store.read { try ViewQueries($0).row(room, id)?.row }
    }

    func shown(in test: TestStore) throws -> Shown {
        try Shown(room, in: test)
    }

    func outcomes(in test: TestStore) throws -> [Outcome: Int] {
        try test.store.read { try ViewQueries($0).counts(of: room).outcomes }
    }
}

extension TestReplica {
    /// What is handed over of all that was written.
    var handed: [[UInt8]] { segments.map(\.bytes) }

    /// Says something at a time of its own.
    @discardableResult
    mutating func say(_ text: String, at time: HybridTime, origin: Origin? = nil) -> Dot {
        write(
            ChatKind.message.kind, body: MessageBody(text: text).body, salt: Salt(raw: time.raw),
            origin: origin, time: time
        ).id.dot
    }
}
