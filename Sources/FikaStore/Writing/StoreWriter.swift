import FikaCRDT
import FikaChat
import FikaLog
package import GRDB

/// What the one writing connection remembers between transactions, and the steps of a write.
///
/// After a rollback everything is forgotten and read again from the tables.
package final class StoreWriter {
    package let profile: StoreProfile
    let key: DeviceKey
    let environment: StoreEnvironment
    package let catalog = Catalog()
    let reader = SegmentReader()
    package let views: Views
    var chains: [Int64: OwnChain] = [:]
    /// Whether the transaction that runs destroyed bodies.
    package var hasErased = false
    /// Milliseconds to add to this device's clock; nil while that was not looked up.
    var knownCorrection: Int64?

    init(profile: StoreProfile, key: DeviceKey, environment: StoreEnvironment) {
        self.profile = profile
        self.key = key
        self.environment = environment
        views = Views(
            catalog: catalog, source: StoredOps(catalog: catalog, reader: reader),
            viewer: profile.user)
    }

    /// Forgets what a rolled-back transaction may have left.
    func forget() {
        catalog.forget()
        reader.forget()
        views.forget()
        chains = [:]
        knownCorrection = nil
    }

    /// Milliseconds since 1970-01-01 UTC by the clock of the relay that was met last (rule C1).
    func correctedNow(_ db: Database) throws -> UInt64 {
        let correction = try knownCorrection ?? MetaTable(db: db).correction() ?? 0
        knownCorrection = correction
        return Self.corrected(environment.now(), by: correction)
    }

    static func corrected(_ now: UInt64, by correction: Int64) -> UInt64 {
        correction < 0
            ? now - min(now, correction.magnitude) : now + min(correction.magnitude, .max - now)
    }

    /// The log's tables on this connection.
    package func log(_ db: Database) -> SQLiteLog {
        SQLiteLog(db, catalog: catalog, reader: reader)
    }

    /// Where own writing in a log stands; introduces a new replica where there is none.
    func chain(inLog log: Int64, _ db: Database) throws -> OwnChain {
        if let chain = chains[log] { return chain }
        let query = try HotStatement(
            db, "SELECT id FROM replica WHERE log = ? AND own = 1 AND is_import = 0")
        query.bind(1, log)
        let row = try query.next() ? query.int(0) : nil
        query.reset()
        guard let row else {
            return try introduceReplica(inLog: log, isImport: false, db)
        }
        let entry = try catalog.replica(row, db)
        let sealed = try self.log(db).have(ofRow: row).intervals.last?.last ?? 0
        let last = max(sealed, try UnsealedTable(db: db).lastSeq(ofReplica: row))
        let held = try highestTime(ofLog: log, db)
        let chain = OwnChain(
            row: row, replica: entry.replica, nextSeq: last + 1, held: held,
            clock: HybridClock(highest: max(held, try highestUnsealedTime(ofLog: log, db))))
        chains[log] = chain
        return chain
    }

    func highestTime(ofLog log: Int64, _ db: Database) throws -> HybridTime {
        let query = try HotStatement(db, "SELECT highest_time FROM log WHERE id = ?")
        query.bind(1, log)
        guard try query.next() else { return .zero }
        defer { query.reset() }
        return HybridTime(raw: UInt64(bitPattern: query.int(0)))
    }

    /// The highest time of what was written here and not sealed, by whichever own replica.
    private func highestUnsealedTime(ofLog log: Int64, _ db: Database) throws -> HybridTime {
        let unsealed = UnsealedTable(db: db)
        return try self.log(db).ownReplicas(ofLog: log).map(unsealed.lastTime).max() ?? .zero
    }

    func raiseHighestTime(ofLog log: Int64, to time: HybridTime, _ db: Database) throws {
        let update = try HotStatement(
            db, "UPDATE log SET highest_time = max(highest_time, ?) WHERE id = ?")
        update.bind(1, Int64(bitPattern: time.raw))
        update.bind(2, log)
        try update.run()
    }

    /// Draws a new incarnation and writes the introduction of a new replica, unsealed.
    func introduceReplica(inLog log: Int64, isImport: Bool, _ db: Database) throws -> OwnChain {
        var generator = environment.generator
        let introduction = Introduction(
            publicKey: key.publicKey, incarnation: Incarnation(using: &generator),
            user: profile.user, deviceName: profile.deviceName,
            preimage: try self.log(db).preimage(ofLog: log))
        let row = try catalog.makeRow(of: introduction.replica, log: log, db)
        let update = try HotStatement(
            db, "UPDATE replica SET own = 1, is_import = ?, intro_body = ? WHERE id = ?")
        update.bind(1, isImport ? 1 : 0)
        update.bind(2, blob: introduction.body)
        update.bind(3, row)
        try update.run()
        var entry = try catalog.replica(row, db)
        entry.own = .current
        entry.isImport = isImport
        entry.introduction = introduction
        catalog.update(entry)
        let held = try highestTime(ofLog: log, db)
        var chain = OwnChain(
            row: row, replica: introduction.replica, nextSeq: 1, held: held,
            clock: HybridClock(highest: max(held, try highestUnsealedTime(ofLog: log, db))))
        try append(
            .init(.introduction, body: introduction.body), origin: nil, to: &chain, log: log, db)
        if !isImport { chains[log] = chain }
        return chain
    }

    /// Gives a draft its id and stamp and writes the op, its outbox row and its views.
    @discardableResult
    func append(
        _ draft: OpDraft, origin: Origin?, to chain: inout OwnChain, log: Int64, _ db: Database
    ) throws -> OpKey {
        let now = environment.now()
        var held = chain.held
        if origin == nil, let ahead = try timeAhead(of: draft, chain, log: log, db) {
            chain.clock.observe(ahead)
            held = max(held, ahead)
        }
        let time = chain.clock.next(nowMilliseconds: try correctedNow(db))
        var generator = environment.generator
        let row = UnsealedRow(
            key: OpKey(replica: chain.row, seq: chain.nextSeq), kind: draft.kind.kind, time: time,
            writtenAt: now, heldTime: held, target: draft.target, origin: origin,
            salt: draft.kind.flags.contains(.salted) ? Salt(using: &generator) : nil,
            body: draft.body)
        try UnsealedTable(db: db).insert(row)
        try OutboxTable(db: db).insert(row.key, writtenAt: now)
        chain.nextSeq += 1
        try views.apply([row.viewOp(log: log, replica: chain.replica)], db)
        return row.key
    }
}
