import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog

/// Emma, Bo and Omid, Emma with a phone and a laptop, in one room that all of them know.
struct GoldenStage {
    var world: HistoryWorld
    var personal: HistoryWorld
    let phone: Int
    let laptop: Int
    let bo: Int
    let omid: Int

    static let emma = user("emma")
    static let bo = user("bo")
    static let omid = user("omid")
    static let eva = user("eva")

    static func user(_ name: String) -> UserID {
        guard let user = UserID(name) else { preconditionFailure("a name is no id: \(name)") }
        return user
    }

    /// Creates the room; Emma moderates it, and all of it is accepted.
    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let key = DeviceKey(using: &random)
        world = HistoryWorld(room: key, generator: SplitMix64(seed: random.next()))
        personal = HistoryWorld(
            derived: .personal, users: [Self.emma], generator: SplitMix64(seed: random.next()))
        phone = world.join(Self.emma, key: key)
        laptop = world.join(Self.emma, name: "laptop")
        bo = world.join(Self.bo)
        omid = world.join(Self.omid)
        personal.join(Self.emma)
        personal.join(Self.emma, name: "laptop")
        world.write(
            .create(
                Creation(
                    kind: .room, workspace: world.workspace, nonce: world.nonce, name: "Fika")),
            by: phone)
        for user in [Self.bo, Self.omid] {
            world.write(.grant(Grant(user: user, role: .member)), by: phone)
        }
        meet()
    }

    /// The relay accepts everything and everybody sees it.
    mutating func meet() {
        world.acceptAll()
        world.showAll()
        personal.acceptAll()
        personal.showAll()
    }

    @discardableResult
    mutating func say(_ text: String, by index: Int) -> Dot {
        world.write(.message(MessageBody(text: text), reply: nil), by: index)
    }

    /// Marks what a device of Emma's has seen as read, as far as the predicate lets it.
    mutating func read(with device: Int, where isOnScreen: (Op) -> Bool = { _ in true }) {
        var seqs: [ReplicaID: IntervalSet] = [:]
        for op in world.seen(by: device == 0 ? phone : laptop) where isOnScreen(op) {
            seqs[op.id.dot.replica, default: IntervalSet()].insert(op.id.dot.seq)
        }
        let marks = seqs.keys.sorted().compactMap { replica in
            seqs[replica].map { ReplicaMarks(replica: replica, seqs: $0) }
        }
        let mark = ReadMarkBody(log: world.log, marks: marks)
        personal.write(.readMark(mark), by: device)
    }

    mutating func react(_ isOn: Bool, to row: Dot, by index: Int) {
        world.write(.reaction(Reaction("👍", isOn: isOn), to: row), by: index)
    }

    func scenario(_ name: String, _ expected: ExpectedFacts) -> GoldenScenario {
        GoldenScenario(name: name, history: history, expected: expected)
    }

    var history: History {
        History(
            log: world.log, personalLog: personal.log,
            trustedRelays: world.relayKeys.union(personal.relayKeys), viewer: Self.emma,
            ops: world.held, personal: personal.held,
            keys: world.keys.merging(personal.keys) { first, _ in first })
    }
}
