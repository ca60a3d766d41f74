import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    private static let handshakeWithin: UInt64 = 10000
    private static let askAfter: UInt64 = 20000
    private static let silentAfter: UInt64 = 45000
    private static let syncedAgainAfter: UInt64 = 30000
    private static let headsAtLeastApart: UInt64 = 1000

    /// A connection is there: the relay speaks first (rule H1).
    mutating func open(_ id: ConnectionID, isLoopback: Bool) {
        let welcome = Welcome(
            role: .relay, key: key.publicKey, epoch: epoch, time: now, base: base,
            nonce: randomBytes(16), credit: settings.uplinkCredit)
        let frame = Frame.welcome(welcome)
        connections[id] = Connection(
            welcome: frame.body, uplink: settings.uplinkCredit, now: now)
        guard isLoopback || settings.allowsRemote else {
            fail(id, Failure(.notAdmitted, "this relay serves its own machine only"))
            return
        }
        send(frame, to: id)
    }

    /// Finds connections that are silent or too slow (rule L1).
    mutating func checkLife() {
        for id in connections.keys.sorted() {
            guard let connection = connections[id] else { continue }
            if connection.reader == nil {
                if now - connection.openedAt >= Self.handshakeWithin {
                    fail(id, Failure(.tooSlow, "the handshake took too long"))
                }
            } else if now - connection.heardAt >= Self.silentAfter {
                note(.silent(id))
                end(id, saying: nil)
            } else if now - connection.heardAt >= Self.askAfter, connection.askedAt == nil {
                connections[id]?.askedAt = now
                send(.ping(now), to: id)
            }
        }
    }

    /// Says again to whom nothing is missing how far that is true (rule R8).
    mutating func renewSynced() {
        for id in connections.keys.sorted() {
            guard let connection = connections[id], connection.hasNews, connection.isOpen,
                connection.lacksNothing, let said = connection.syncedAt,
                now >= said + Self.syncedAgainAfter
            else { continue }
            saySynced(to: id)
        }
    }

    mutating func saySynced(to id: ConnectionID) {
        syncedTime = max(syncedTime, now)
        connections[id]?.syncedAt = now
        connections[id]?.hasNews = false
        send(.synced(syncedTime), to: id)
    }

    /// Signs how far logs go, at most once a second each (rule R4).
    mutating func signHeads<Log: RelayLog>(_ log: Log) throws {
        for id in headsDue.sorted() {
            guard var place = try logs.take(id, from: log) else { continue }
            defer { logs.put(place) }
            guard place.head == nil || now >= place.headSignedAt + Self.headsAtLeastApart else {
                continue
            }
            headsDue.remove(id)
            guard place.order.reserved == nil else { continue }
            let head = signHead(&place)
            let recipients = subscribers(&place).filter {
                connections[$0]?.isUpToDate(in: id) ?? false
            }
            if !recipients.isEmpty {
                actions.append(.broadcast(Frame.head(head).encode(), to: recipients))
            }
        }
    }

    /// The head at a log's end, signed unless that was done.
    mutating func signHead(_ place: inout LogState) -> Head {
        if let head = place.head, head.position == place.order.position { return head }
        let order = place.order
        let head = Head.signed(
            log: order.log, epoch: epoch,
            position: order.position + (PlantedBug.signsAhead.isPlanted ? 1 : 0),
            running: order.running,
            access: order.access, by: key)
        place.head = head
        place.headSignedAt = now
        return head
    }

    /// Lets go of everything that can be had again.
    mutating func letGo() {
        actions = []
        logs.removeAll()
        connections = [:]
        connectionsByReader = [:]
        headsDue = []
        takenOverAt = [:]
        hungry = []
        subscriptionState += 1
    }
}
