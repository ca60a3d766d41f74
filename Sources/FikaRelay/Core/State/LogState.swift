import FikaCRDT
import FikaChat
import FikaLog
import FikaNet

/// What the relay keeps in mind of a log in use; all of it can be loaded again.
struct LogState: Sendable {
    var order: LogOrder
    var history: AccessHistory
    private(set) var replicas: [ReplicaID: AcceptedReplica] = [:]
    private(set) var replicasByNumber: [UInt64: ReplicaID] = [:]
    var cards: [ReplicaID: Card] = [:]
    /// Imported lines that were erased: a later copy is erased as it comes (rule M23).
    var erasedImports: Set<ImportKey> = []
    /// As which replica the relay closes others here; another one each time that the log is loaded,
    /// since what was stored may have been put back to an earlier state (rule C5).
    var writer: ReplicaID?
    /// The newest head that was signed since this was loaded.
    var head: Head?
    var headSignedAt: UInt64 = 0
    /// The connections of members, as of a state of connections and members.
    var subscribers: [ConnectionID] = []
    var subscribersAsOf: UInt64?
    var lastUsed: UInt64 = 0

    var log: LogID { order.log }

    init(order: LogOrder, history: AccessHistory) {
        self.order = order
        self.history = history
    }

    /// Begins a log of which nothing is accepted.
    init(new log: LogID, in workspace: WorkspaceID, fold: AccessFold) {
        let start = RunningHash.start(log: log)
        self.init(
            order: LogOrder(log: log, workspace: workspace, running: start, access: start),
            history: fold.history(of: []))
    }

    var isNew: Bool { order.number == 0 }

    var isPersonal: Bool { history.kind == .personal }

    /// Whether a user of a workspace may read the log now (rule F11).
    func admits(_ reader: Reader) -> Bool {
        !isNew && order.workspace == reader.workspace && history.role(of: reader.user) != nil
    }

    /// Whose device a replica is; nil for a relay's and for one that is not known.
    func user(of replica: ReplicaID) -> UserID? { cards[replica]?.introduction.user }

    /// The replicas of a user of which something is accepted and which are not closed, by number.
    func openReplicas(of user: UserID) -> [AcceptedReplica] {
        replicas.values.filter { $0.closedAt == nil && self.user(of: $0.replica) == user }
            .sorted { $0.number < $1.number }
    }

    mutating func set(_ replica: AcceptedReplica) {
        replicas[replica.replica] = replica
        replicasByNumber[replica.number] = replica.replica
    }

    /// Gives the next op its position; what follows from it is folded.
    mutating func advance(over hash: Digest, kind: Kind, time: HybridTime) -> UInt64 {
        order.position += 1
        order.running = RunningHash.next(after: order.running, opHash: hash)
        order.highestTime = max(order.highestTime, time)
        if KindFlags(of: kind).contains(.access) {
            order.access = RunningHash.nextAccess(
                after: order.access, opHash: hash, position: order.position)
        }
        return order.position
    }
}
