import FikaCRDT
import FikaLog

/// The states of the logs used last; others are loaded when they are asked for.
struct LogCache: Sendable {
    private var states: [LogID: LogState] = [:]
    private var uses: UInt64 = 0
    private let capacity: Int
    private let keys: Set<PublicKey>

    init(capacity: Int, trusting keys: Set<PublicKey>) {
        self.capacity = max(capacity, 1)
        self.keys = keys
    }

    var trusted: Set<PublicKey> { keys }

    /// The state of a log; nil when nothing of it was accepted.
    mutating func state<Log: RelayLog>(of id: LogID, from log: Log) throws -> LogState? {
        uses += 1
        if states[id] == nil {
            guard let loaded = try LogState.load(id, from: log, trusting: keys) else { return nil }
            makeRoom()
            states[id] = loaded
        }
        states[id]?.lastUsed = uses
        return states[id]
    }

    /// Takes a state out to change it: ``put(_:)`` it back.
    mutating func take<Log: RelayLog>(_ id: LogID, from log: Log) throws -> LogState? {
        let state = try state(of: id, from: log)
        states[id] = nil
        return state
    }

    mutating func put(_ state: LogState) {
        makeRoom()
        states[state.log] = state
    }

    /// Lets go of all: they are loaded again.
    mutating func removeAll() {
        states.removeAll()
    }

    /// Lets go of the half that was not used for longest: seldom, so it costs little each time.
    private mutating func makeRoom() {
        guard states.count >= capacity else { return }
        let middle = states.values.map(\.lastUsed).sorted()[states.count / 2]
        states = states.filter { $0.value.lastUsed > middle }
    }
}
