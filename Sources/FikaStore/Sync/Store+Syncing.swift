package import FikaLog
import GRDB

extension Store {
    /// What to say to a relay of an epoch, by which it knows whether anything is new (rule R5).
    package func greeting(
        epoch: Epoch
    ) throws -> (summary: SyncSummary?, completeUntil: UInt64) {
        try read { try SyncQueries($0).greeting(epoch) }
    }

    /// Takes note of a relay that has proven its key: it is trusted from now on, its time corrects
    /// this device's clock (rules C1 and H4), and in another epoch its order is not the old one.
    package func meet(relay: PublicKey, epoch: Epoch, time: UInt64) throws {
        let now = environment.now()
        let isKnown = try read { db in
            let meta = MetaTable(db: db)
            return try meta.bytes(.relay) == relay.bytes && meta.epoch() == epoch
                && meta.trustedRelays().contains(relay)
                && !Self.isWrong(try meta.correction(), now: now, time: time)
        }
        if isKnown { return }
        try write(durability: .full) { writer, db in
            try writer.meet(relay: relay, epoch: epoch, time: time, now: now, db)
        }
    }

    /// So many milliseconds the network may have taken: a clock is not set for less.
    static let clockTolerance: UInt64 = 2000

    static func isWrong(_ correction: Int64?, now: UInt64, time: UInt64) -> Bool {
        let now = StoreWriter.corrected(now, by: correction ?? 0)
        return max(now, time) - min(now, time) > clockTolerance
    }

    /// Verifies and stores what another holder sent, in one transaction with the cursors.
    ///
    /// Throws `LogError` when it does not verify; nothing is then stored.
    package func receive(_ arrivals: [Received]) throws {
        guard !arrivals.isEmpty else { return }
        try write(
            durability: { writer, db in try writer.durability(of: arrivals, db) },
            { writer, db in try writer.receive(arrivals, db) })
    }

    /// Seals what is unsealed, on disk when this returns, and gives what no relay has accepted.
    ///
    /// It is in the order in which it is to go up (rule U1).
    package func pending() throws -> [PendingOps] {
        let unsealed = try read { try SyncQueries($0).unsealedLogs() }
        try seal(unsealed)
        return try read { try SyncQueries($0).pending() }
    }
}

extension StoreWriter {
    func meet(
        relay: PublicKey, epoch: Epoch, time: UInt64, now: UInt64, _ db: Database
    ) throws {
        let meta = MetaTable(db: db)
        try meta.set(.relay, relay.bytes)
        if Store.isWrong(try meta.correction(), now: now, time: time) {
            let correction = Int64(clamping: time) - Int64(clamping: now)
            try meta.set(.correction, UInt64(bitPattern: correction))
            knownCorrection = correction
        }
        if try meta.epoch() != epoch { try begin(epoch, db) }
        try trust(relay, db)
    }

    /// Keeps of each log what the longest head proves; the rest may be otherwise in the new order.
    ///
    /// A log that is over stays as it is (rule ST13).
    private func begin(_ epoch: Epoch, _ db: Database) throws {
        let meta = MetaTable(db: db)
        try meta.set(.epoch, epoch.raw)
        try meta.remove(.completeUntil)
        try db.execute(
            sql: "UPDATE replica SET refused_from = NULL WHERE refused_from IS NOT NULL")
        let over = try SyncQueries(db).logsOver()
        for log in try SyncTable(db: db).logs() where !over.contains(log) {
            try beginOrder(ofLog: log, db)
        }
        try settleViews(db)
    }

    /// Keeps of one log's order what its longest head proves.
    func beginOrder(ofLog log: Int64, _ db: Database) throws {
        let table = SyncTable(db: db)
        guard var row = try table.row(ofLog: log) else { return }
        let head = try table.head(ofLog: log, try catalog.log(log, db), isJoined: true)
        let kept = head?.position ?? 0
        row.accessPosition = min(row.accessPosition, kept)
        try table.store(row, ofLog: log)
        try table.removeHead(ofLog: log, isJoined: false)
        try views.beginOrder(ofLog: log, accessPosition: row.accessPosition, db)
        try letGo(ofLog: log, beyond: kept, db)
    }

    /// Believes the closes of a relay from now on, too.
    private func trust(_ relay: PublicKey, _ db: Database) throws {
        let meta = MetaTable(db: db)
        var relays = try meta.trustedRelays()
        guard relays.insert(relay).inserted else { return }
        try meta.setTrustedRelays(relays)
        views.trust(relays)
        let query = try HotStatement(
            db, "SELECT DISTINCT log FROM access_op WHERE kind = 6 ORDER BY log")
        var logs: [Int64] = []
        while try query.next() { logs.append(query.int(0)) }
        for log in logs {
            try views.rebuild(log: log, db)
            try leaveClosed(log: log, db)
        }
        try erasePending(db)
    }
}
