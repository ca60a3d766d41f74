import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Synchronization

/// A fixed piece of a store's life in steps, each one transaction that may fail and is run again.
///
/// A step that failed is run again with the same time and the same randomness, so that every run
/// ends alike.
final class Workload {
    let folder: TemporaryFolder
    private(set) var store: Store
    private let clock = TestClock()
    private let randomness: Randomness
    private let environment: StoreEnvironment
    private var room = LogID(high: 0, low: 0)
    /// What was written last, where a later step needs it.
    private var written: [OpID?] = []
    private var pinned: Dot?
    /// What Omid wrote; the same in every run.
    private var received: [[UInt8]] = []

    /// Random numbers that can be set back.
    private final class Randomness: Sendable {
        let generator = Mutex(SplitMix64(seed: 77))
    }

    init() throws {
        folder = try TemporaryFolder()
        let (clock, randomness) = (clock, Randomness())
        self.randomness = randomness
        environment = StoreEnvironment(
            now: { clock.now },
            random: { randomness.generator.withLock { $0.next() } })
        let key = TestStore.key(5)
        store = try Store.create(
            folder: folder.path("store"),
            profile: StoreProfile(
                workspace: TestStore.workspace, user: try TestStore.user("emma"),
                deviceName: "phone", publicKey: key.publicKey),
            identity: IdentityFile(device: key, workspace: nil), command: "test",
            environment: environment)
    }

    /// The steps in their order.
    static var steps: [(name: String, run: (Workload) throws -> Void)] {
        [
            ("create a room", { try $0.createRoom() }),
            ("write messages", { try $0.writeMessages() }),
            ("fold an edit and a delete", { try $0.fold() }),
            ("react, pin and make a poll", { try $0.decorate() }),
            ("write all else", { try $0.writeAllElse() }),
            ("seal", { try $0.store.seal([$0.room]) }),
            ("apply what Omid wrote", { try $0.receive() }),
            ("index for search", { try $0.index() }),
            ("delete what Omid wrote", { try $0.deleteReceived() }),
            ("seal the delete", { try $0.store.seal([$0.room]) }),
            ("accept all, which erases", { try $0.acceptAll() }),
            ("import lines", { try $0.importLines() }),
            ("apply small segments, which merges", { try $0.merge() }),
            ("write once more", { try $0.write([$0.message("Inte förseglat")]) }),
            ("go on as new replicas", { try $0.rehome() }),
        ]
    }

    /// Runs a step; when it fails, time and randomness are as before it.
    func attempt(_ step: (Workload) throws -> Void) throws {
        let (now, generator) = (clock.now, randomness.generator.withLock { $0 })
        do {
            clock.advance(byMilliseconds: 1000)
            try step(self)
        } catch {
            clock.set(milliseconds: now)
            randomness.generator.withLock { $0 = generator }
            throw error
        }
    }

    func reopen() throws {
        // Opening draws a word for a marker that it might need.
        let generator = randomness.generator.withLock { $0 }
        defer { randomness.generator.withLock { $0 = generator } }
        try store.close()
        store = try Store.open(
            folder: folder.path("store"), mode: .writing(command: "test"),
            environment: environment)
    }

    private func write(_ drafts: [OpDraft]) throws {
        written = try store.write { [room] writer, db in try writer.write(drafts, to: room, db) }
    }

    private func message(_ text: String) -> OpDraft {
        OpDraft(.message, body: MessageBody(text: text).body)
    }

    private func createRoom() throws {
        let nonce = [UInt8](repeating: 3, count: 16)
        room = Hashes.roomLogID(creator: store.profile.publicKey, nonce: nonce)
        let creation = Creation(
            kind: .room, workspace: store.profile.workspace, nonce: nonce, name: "Fika")
        let grant = Grant(user: try TestStore.user("omid"), role: .member)
        try write([OpDraft(.create, body: creation.body), OpDraft(.grant, body: grant.body)])
    }

    private func writeMessages() throws {
        try write(["Ett", "Två räksmörgåsar", "Tre"].map(message))
    }

    private func fold() throws {
        let ids = written.compactMap { $0?.dot }
        let edit = MessageBody(text: "Två smörgåsar").body
        let written = written
        try write([
            OpDraft(.edit, target: ids[1], body: edit), OpDraft(.delete, target: ids[2]),
        ])
        self.written = written
    }

    private func decorate() throws {
        let target = written.first??.dot
        pinned = target
        let poll = PollCreation(settings: .anyoneAdds, question: "Vad?", options: ["A", "B"])
        try write([
            OpDraft(.reaction, target: target, body: Reaction("👍", isOn: true).body),
            OpDraft(.pin, target: target), OpDraft(.poll, body: poll.body),
        ])
    }

    /// Ops of all kinds that the other steps leave out.
    private func writeAllElse() throws {
        let ids = written.compactMap { $0?.dot }
        let poll = ids[2]
        // It names a pin that nobody holds, so that it is more than the end of an unsealed one.
        let pinless = Dot(replica: ids[0].replica, seq: 1)
        let omid = try TestStore.user("omid")
        let answer = MessageBody(text: "Hej @omid!", mentions: [omid]).body
        try write([
            OpDraft(.pin, target: pinned),
            OpDraft(.unpin, target: pinned, body: Unpin(pins: [ids[1], pinless]).body),
            OpDraft(.name, body: RoomText("Fredagsfika").body),
            OpDraft(.about, body: RoomText("klockan 14").body),
            OpDraft(.message, target: pinned, body: answer),
            OpDraft(
                .pollQuestion, target: poll, body: PollQuestion(basis: .creator, text: "Hm?").body),
            OpDraft(
                .pollSetting, target: poll,
                body: PollSettingChange(
                    basis: .creator, setting: .allowsMultiple, isOn: true
                ).body),
            OpDraft(.optionAdd, target: poll, body: OptionAddition(basis: .poll, text: "C").body),
            OpDraft(
                .optionText, target: poll,
                body: OptionText(basis: .creator, option: .own(1), text: "Bullar").body),
            OpDraft(
                .optionRemove, target: poll,
                body: OptionRemoval(basis: .creator, option: .own(2)).body),
            OpDraft(.vote, target: poll, body: Vote([VoteChoice(.own(1), isOn: true)]).body),
        ])
        let mark = ReplicaMarks(replica: ids[0].replica, seqs: IntervalSet([1...3]))
        try store.write { [room] writer, db in
            let personal = try writer.prepare(writer.profile.personalLog, db)
            _ = try writer.write(
                [
                    OpDraft(.readMark, body: ReadMarkBody(log: room, marks: [mark]).body),
                    OpDraft(.flag, body: LogFlag(log: room, name: .sticky, isOn: true).body),
                ], to: personal, db)
        }
    }

    private func receive() throws {
        if received.isEmpty {
            let omid = try TestStore(
                user: "omid", seed: 6, clock: TestClock(milliseconds: clock.now))
            var segments: [[UInt8]] = []
            try store.exportSegments(of: [room]) { segments.append($0.bytes) }
            try omid.take(segments)
            let id = try omid.say("Hemlig kvittermarkör", in: room)
            try omid.store.seal([room])
            let edit = MessageBody(text: "Hemligare").body
            try omid.write(
                [OpDraft(.edit, target: id.dot, body: edit), OpDraft(.leave)], to: room)
            received = try omid.exported([room])
        }
        var rest = received[...]
        _ = try store.importSegments(
            { try rest.popFirst().map { try SealedSegment(bytes: $0) } }, progress: { _ in })
    }

    private func index() throws {
        try store.write { writer, db in
            while try writer.views.indexSearch(limit: 100, db) {}
        }
    }

    private func deleteReceived() throws {
        let state = try store.read { [room] in try ViewQueries($0).state(of: room) }
        let omid = try TestStore.user("omid")
        let row = state.rows.last {
            guard case .message = $0.content else { return false }
            return $0.author == .user(omid)
        }
        try write([OpDraft(.delete, target: row?.id)])
    }

    private func acceptAll() throws {
        var ids: [OpID] = []
        try store.read { [room] db in
            try LogInspector(db).forEachOp(of: room) { op in
                ids.append(op.op.id)
                return true
            }
        }
        try store.write(durability: .normal) { writer, db in
            let acceptances = try ids.enumerated().map { index, id in
                let log = try writer.catalog.makeRow(of: id.log, db)
                return Acceptance(
                    first: try writer.catalog.key(of: id.dot, log: log, db), count: 1,
                    position: UInt64(index) + 1, acceptedAt: 1_767_600_000_000)
            }
            try writer.accept(acceptances, db)
        }
    }

    private func importLines() throws {
        let items = (0..<20 as Range<UInt64>).map { number in
            StoreWriter.ImportItem(
                milliseconds: 1_600_000_000_000 + number / 3,
                message: ImportedMessage(type: .message, author: "ann", text: "rad \(number)"))
        }
        try store.write { [room] writer, db in
            _ = try writer.importItems(
                items, run: ImportRun(source: "irc", channel: "#fika"), into: room, db,
                progress: { _ in })
        }
    }

    private func merge() throws {
        var replica = TestReplica(seed: 9, log: logNumbered(9))
        replica.write(upTo: 66)
        let segments = (1...66 as ClosedRange<UInt64>).map { replica.segment($0...$0) }
        try store.write { writer, db in
            for segment in segments { _ = try writer.apply(segment, db) }
        }
    }

    private func rehome() throws {
        try store.write { writer, db in _ = try writer.rehome(db) }
    }
}
