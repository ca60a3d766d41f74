import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

/// All that the relay keeps in mind beside its log.
struct RelayState: Sendable {
    let key: DeviceKey
    let settings: RelaySettings
    private(set) var epoch: Epoch
    /// What times in briefs count from.
    let base: UInt64
    /// The relay's time: it never falls and never stands still, whatever becomes of the clock.
    var now: UInt64
    /// What the clock showed last.
    private var clock: UInt64
    var generator: any RandomNumberGenerator & Sendable
    var connections: [ConnectionID: Connection] = [:]
    /// The open ones of each user, rising.
    var connectionsByReader: [Reader: [ConnectionID]] = [:]
    /// Rises whenever it may be another set of connections that a log's live ops go to.
    var subscriptionState: UInt64 = 0
    var logs: LogCache
    /// Logs whose newest positions no head covers.
    var headsDue: Set<LogID> = []
    /// Since when orders that were taken over wait to be filled.
    var takenOverAt: [LogID: UInt64] = [:]
    /// Of users who lately handed ops in: how many more may come.
    var rates: [Reader: DoorRate] = [:]
    /// Connections that may be sent more.
    var hungry: Set<ConnectionID> = []
    /// No op is accepted at or before this time any more: `synced` said so.
    var syncedTime: UInt64 = 0
    /// What is to be done once everything is on disk.
    var actions: [RelayAction] = []

    init(
        key: DeviceKey, settings: RelaySettings, epoch: Epoch, now: UInt64,
        generator: any RandomNumberGenerator & Sendable
    ) {
        self.key = key
        self.settings = settings
        self.epoch = epoch
        self.now = now
        clock = now
        base = now
        self.generator = generator
        logs = LogCache(
            capacity: settings.cachedLogs,
            trusting: Set(settings.succeeded + [key.publicKey]))
    }

    /// Reads the clock: where that was set back, the relay's time goes on from where it was.
    mutating func read(clock time: UInt64) {
        if time > clock { now += time - clock }
        clock = time
    }

    /// When what is accepted now is accepted: above every time that `synced` named.
    var acceptanceTime: UInt64 { max(now, syncedTime + 1) }

    mutating func randomBytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Begins a new epoch: every connection ends, and the relay is a new replica in every log (C5).
    mutating func begin(_ epoch: Epoch) {
        self.epoch = epoch
        for id in connections.keys.sorted() {
            fail(id, Failure(.newEpoch, "the relay's order starts again: connect anew"))
        }
        logs.removeAll()
        headsDue = []
        takenOverAt = [:]
        note(.newEpoch(epoch))
    }

    mutating func note(_ note: RelayNote) {
        actions.append(.note(note))
    }

    /// Sends what costs no credit.
    mutating func send(_ frame: Frame, to id: ConnectionID) {
        actions.append(.send(frame.encode(), to: id))
    }

    /// Sends ops to one connection.
    mutating func sendOps(_ frame: Frame, to id: ConnectionID) {
        let bytes = frame.encode()
        connections[id]?.credit -= Int64(bytes.count)
        actions.append(.send(bytes, to: id))
    }

    /// Says the last word to a connection and lets go of it.
    mutating func fail(_ id: ConnectionID, _ failure: Failure) {
        note(.failed(id, failure))
        end(id, saying: .failure(failure))
    }

    mutating func end(_ id: ConnectionID, saying last: Frame?) {
        if let last { send(last, to: id) }
        actions.append(.close(id))
        forget(id)
    }

    mutating func forget(_ id: ConnectionID) {
        guard let connection = connections.removeValue(forKey: id) else { return }
        hungry.remove(id)
        guard let reader = connection.reader else { return }
        connectionsByReader[reader]?.removeAll { $0 == id }
        if connectionsByReader[reader]?.isEmpty == true { connectionsByReader[reader] = nil }
        subscriptionState += 1
    }

    /// Gives what was gathered, once it may be carried out.
    mutating func takeActions() -> [RelayAction] {
        defer { actions = [] }
        return actions
    }
}
