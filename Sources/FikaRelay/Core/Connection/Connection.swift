import FikaCRDT
import FikaLog

/// What the relay knows of one connection; little, because most of them are idle.
struct Connection: Sendable {
    enum Phase: Sendable {
        /// The body of the welcome that was sent.
        case handshaking(welcome: [UInt8])
        /// The client was asked for its cursors.
        case awaitingCursors
        case open
    }

    var phase: Phase
    /// Who it said it is; nil while the handshake is not done.
    var reader: Reader?
    /// Bytes of ops that may be sent; below 0 after overdrawing.
    var credit: Int64 = 0
    /// Bytes of ops that may still come, and those that came and were not given back.
    var uplink: Int64
    var owed: UInt64 = 0
    var told = ToldNumbers()
    var catchUp = CatchUp()
    var requests: [Request] = []
    /// Logs of which it was told to compare, and has not: it is told nothing of them until then.
    var comparing: Set<LogID> = []
    /// Logs whose order is being filled again, of which it brought a head.
    var fillings: [LogID: OrderFilling] = [:]
    /// Of those logs: the replicas whose ops it brought, and has no answer for yet.
    var brought: [LogID: Set<ReplicaID>] = [:]
    /// Logs of which it brought placements that contradict what fills the order.
    var refuted: Set<LogID> = []
    /// Of logs with another order than the relay's: what it brings of that one.
    var secondOrders: [LogID: SecondOrder] = [:]
    /// Logs of which it brought a second order, as far as it had it.
    var appended: Set<LogID> = []
    var openedAt: UInt64
    var heardAt: UInt64
    var askedAt: UInt64?
    /// When `synced` was sent last; nil before the first.
    var syncedAt: UInt64?
    var hasNews = false

    init(welcome: [UInt8], uplink: UInt64, now: UInt64) {
        phase = .handshaking(welcome: welcome)
        self.uplink = Int64(clamping: uplink)
        openedAt = now
        heardAt = now
    }

    var isOpen: Bool {
        switch phase {
        case .open: true
        case .handshaking, .awaitingCursors: false
        }
    }

    /// Whether it was sent all that there is (rule R8).
    var lacksNothing: Bool { catchUp.isEmpty && comparing.isEmpty }

    /// Whether live ops of a log go to it.
    func isUpToDate(in log: LogID) -> Bool {
        isOpen && !catchUp.contains(log) && !comparing.contains(log)
    }

    /// What becomes of live bytes that are offered to a connection.
    enum Offer {
        case notNow
        case beyondCredit
        case taken
        /// Once it was told the numbers that the bytes use.
        case takenAfterNames
    }

    /// Takes live bytes of a log that name these replicas by number, as far as credit goes.
    mutating func offer(
        _ byteCount: Int, of log: LogID, number: UInt64, replicas: [UInt64]
    ) -> Offer {
        guard isUpToDate(in: log) else { return .notNow }
        guard credit > 0 else { return .beyondCredit }
        credit -= Int64(byteCount)
        hasNews = true
        return replicas.allSatisfy { told.knows(replica: $0, inLog: number) }
            ? .taken : .takenAfterNames
    }
}
