import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog

/// Writes random histories: every kind, much of it concurrent, some of it forbidden or malformed.
///
/// The same seed gives the same history.
package struct HistoryGenerator {
    var random: SplitMix64
    var world: HistoryWorld
    var personal: HistoryWorld
    let users: [UserID]
    /// Whether every op passes the checks of segments, so that it can reach a store by them.
    let isVerifiable: Bool
    /// Whether much of it is about who is in.
    let isAboutAccess: Bool
    /// Lines of another system that several people import.
    let oldLines: [OldLine]

    /// A line of another system, with its place within its millisecond.
    struct OldLine {
        let time: HybridTime
        let line: ImportedMessage
    }

    var viewer: UserID { users[0] }

    /// Returns the history of a seed.
    ///
    /// A verifiable one leaves out what the log refuses before it is kept: replicas that do not
    /// introduce themselves or do so twice, and strangers in logs with derived ids.
    package static func history(seed: UInt64, isVerifiable: Bool = false) -> History {
        var generator = HistoryGenerator(seed: seed, isVerifiable: isVerifiable)
        generator.run()
        return History(
            log: generator.world.log, personalLog: generator.personal.log,
            trustedRelays: generator.world.relayKeys.union(generator.personal.relayKeys),
            viewer: generator.viewer, ops: generator.world.held,
            personal: generator.personal.held,
            keys: generator.world.keys.merging(generator.personal.keys) { first, _ in first })
    }

    private init(seed: UInt64, isVerifiable: Bool) {
        self.isVerifiable = isVerifiable
        var random = SplitMix64(seed: seed)
        let names = ["emma", "bo", "omid", "åsa", "eva"].compactMap { UserID($0) }
        users = Array(names.prefix(random.number(in: 2...5)))
        oldLines = Self.drawOldLines(using: &random)
        isAboutAccess = random.oneIn(5)
        let creatorKey = DeviceKey(using: &random)
        let worldSeed = SplitMix64(seed: random.next())
        switch random.number(in: 0...29) {
        case 0...2:
            world = HistoryWorld(
                derived: .privateChat, users: Array(users.prefix(2)), generator: worldSeed)
        case 3:
            world = HistoryWorld(derived: .directory, users: [], generator: worldSeed)
        default:
            world = HistoryWorld(room: creatorKey, generator: worldSeed)
        }
        personal = HistoryWorld(
            derived: .personal, users: [users[0]], generator: SplitMix64(seed: random.next()))
        self.random = random
        populate(creatorKey)
    }

    // MARK: Beginnings

    private mutating func populate(_ creatorKey: DeviceKey) {
        let named = isVerifiable ? world.preimage?.users ?? [] : []
        for (index, user) in users.enumerated() where named.isEmpty || named.contains(user) {
            for device in 0..<random.number(in: 1...3) {
                let isCreator = index == 0 && device == 0
                world.join(
                    user, key: isCreator ? creatorKey : nil, name: "device \(device + 1)",
                    offset: random.oneIn(6) ? random.number(in: -200_000...200_000) : 0)
                if index == 0 { personal.join(user, name: "device \(device + 1)") }
            }
        }
        if !isVerifiable, random.oneIn(4) { personal.join(users[1]) }
        // A directory log has nobody in it, whatever is written there.
        if world.preimage != nil, !random.oneIn(4) { return world.showAll() }
        let kind: RoomKind = random.pick([.room, .room, .room, .visitor, .event])
        let creation = Creation(
            kind: kind, workspace: world.workspace,
            nonce: world.nonce.isEmpty ? random.bytes(count: 16...16) : world.nonce,
            name: "Fredagsfika", about: random.bool() ? "Bullar" : "")
        world.write(.create(creation), by: 0)
        if random.oneIn(8) { world.write(.create(creation), by: 0) }
        for user in users.dropFirst() where !random.oneIn(8) {
            let role: Role = random.oneIn(4) ? .moderator : .member
            world.write(.grant(Grant(user: user, role: role)), by: 0)
        }
        if !random.oneIn(5) { world.acceptAll() }
        for index in world.writers.indices.dropFirst() where !random.oneIn(5) {
            world.show(from: 0, to: index)
        }
    }

    private static func drawOldLines(using random: inout SplitMix64) -> [OldLine] {
        (0..<random.number(in: 2...5)).map { index in
            let type = random.pick(ImportedType.allCases)
            return OldLine(
                time: HybridTime(
                    milliseconds: 1_000_000_000_000 + UInt64(index / 2), counter: UInt16(index)),
                line: ImportedMessage(
                    type: type, author: type == .event ? "" : random.pick(["ann", "bob"]),
                    ordinal: random.oneIn(4) ? 2 : 0, text: random.pick(["hej", "hm", "ok"])))
        }
    }

    // MARK: Steps

    private mutating func run() {
        for _ in 0..<random.number(in: 30...70) {
            step()
            if random.bool() { exchange() }
            if random.oneIn(3) { acceptSome() }
            world.now += random.pick([0, 0, 5, 1000, 60_000, 600_000])
            personal.now = world.now
        }
        if random.bool() { world.acceptAll() }
        if random.bool() { personal.acceptAll() }
    }

    private mutating func step() {
        let author = random.pick(world.writers.indices.filter { world.writers[$0].isActive })
        if isAboutAccess, random.oneIn(3) { return writeAccess(by: author) }
        switch random.number(in: 0...99) {
        case 0...19: writeMessage(by: author)
        case 20...26: writeEdit(by: author)
        case 27...32: writeDelete(by: author)
        case 33...41: writeReaction(by: author)
        case 42...45: writePin(by: author)
        case 46...49: writeUnpin(by: author)
        case 50...51: writePoll(by: author)
        case 52...70: writePollChange(by: author)
        case 71...73: writeRegister(by: author)
        case 74...77: writeAccess(by: author)
        case 78...80: runImport(by: author)
        case 81...88: writeReadMarkOrFlag()
        case 89...94: closeOrRehome(author)
        default: writeDisorder(by: author)
        }
    }

    private mutating func exchange() {
        let active = world.writers.indices.filter { world.writers[$0].isActive }
        let source = random.number(in: 0..<world.writers.count)
        let sink = random.pick(active)
        if source != sink { world.show(from: source, to: sink) }
        if random.oneIn(8) { world.showAll() }
    }

    private mutating func acceptSome() {
        for _ in 0..<random.number(in: 1...12) {
            world.accept(random.number(in: 0..<world.writers.count))
            personal.accept(random.number(in: 0..<personal.writers.count))
        }
    }

    // MARK: What a replica can name

    /// One of the ops of these kinds that a replica has seen.
    ///
    /// The first ones come often, so that
    /// much meets on them.
    mutating func pick(_ kinds: ChatKind..., by index: Int) -> Op? {
        pick(kinds, by: index) { _, _ in true }
    }

    mutating func pick(
        _ kinds: [ChatKind], by index: Int, prefersFirst: Bool = true,
        where fits: (HistoryGenerator, Op) -> Bool
    ) -> Op? {
        let found = world.seen(by: index).filter { op in
            kinds.contains { $0.kind == op.kind } && fits(self, op)
        }
        guard !found.isEmpty else { return nil }
        return random.bool() && prefersFirst
            ? random.pick(found.prefix(2)) : random.pick(found)
    }

    func isOwn(_ op: Op, _ index: Int) -> Bool {
        world.user(of: op.id.dot.replica) == world.writers[index].user
    }

    /// An id that nobody has heard of, or that will only come to be.
    mutating func unseenDot() -> Dot {
        let replica = random.pick(world.writers).replica
        return Dot(replica: replica, seq: random.number(in: 3...30))
    }
}
