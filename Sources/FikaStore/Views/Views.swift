import FikaChat
package import FikaLog
package import GRDB

/// Keeps what is shown up to date with the ops that a store holds (see `Specs/data-model.md`).
///
/// It belongs to the one writing connection, and each call to one transaction. Content only ever
/// adds: the same ops give the same views in any order. What takes back an earlier verdict
/// (access that turns out different in the past, a close, a copy whose original came) puts the
/// log's views in anew.
package final class Views {
    let viewer: UserID
    private(set) var trustedRelays: Set<PublicKey>
    let catalog: Catalog
    let source: any OpSource
    let people = People()
    /// The most ops of one call that search takes in at once.
    private static let indexedAtOnce = 16
    private var contexts: [Int64: LogContext] = [:]
    /// The rows of the logs that were touched since this was emptied last: all that changed, and
    /// perhaps some that were only asked about.
    var touched: Set<Int64> = []

    /// Creates the views of a store.
    ///
    /// - Parameters:
    ///   - catalog: The writing connection's.
    ///   - source: Where ops that were given before are found again.
    ///   - viewer: Whose store it is: unread and mentions are this user's.
    ///   - trustedRelays: The relays whose closes are believed.
    package init(
        catalog: Catalog, source: any OpSource, viewer: UserID,
        trustedRelays: Set<PublicKey> = []
    ) {
        self.catalog = catalog
        self.source = source
        self.viewer = viewer
        self.trustedRelays = trustedRelays
    }

    /// Believes the closes of these relays alone; what is shown is for a rebuild to change.
    package func trust(_ relays: Set<PublicKey>) {
        trustedRelays = relays
        forget()
    }

    /// Forgets what was remembered: after a transaction that was rolled back.
    package func forget() {
        contexts = [:]
        touched = []
        people.forget()
    }

    /// Puts new ops into the views, in any order; each is given once, after the log has it.
    ///
    /// They are of one log or several; those with a known position carry it. Search finds a few at
    /// once; a batch is left to ``indexSearch(limit:_:)``. Who gives many batches lets what they
    /// outdate be rebuilt once, by ``rebuildOutdated(_:)`` before anything is asked.
    package func apply(
        _ ops: [ViewOp], rebuildsLater: Bool = false, _ db: Database
    ) throws {
        let indexesNow = ops.count <= Self.indexedAtOnce
        var byLog: [Int64: [ViewOp]] = [:]
        for op in ops { byLog[op.log, default: []].append(op) }
        let logs = byLog.keys.sorted()
        for log in logs {
            let context = try context(ofLog: log, db)
            // The rebuild takes these ops too: the log has them.
            if context.needsRebuild { continue }
            let pass = try LogPass(views: self, context: context, indexesNow: indexesNow, db)
            try pass.take(byLog[log] ?? [])
            try pass.finish()
        }
        if !rebuildsLater { try rebuildOutdated(logs, db) }
    }

    /// Takes the relay's word that ops are final.
    ///
    /// Each range holds ops that were given before, without a position; the log and its
    /// acceptances have them already.
    package func accept(
        _ acceptances: [Acceptance], rebuildsLater: Bool = false, _ db: Database
    ) throws {
        var byLog: [Int64: [Acceptance]] = [:]
        for acceptance in acceptances {
            let log = try catalog.replica(acceptance.first.replica, db).log
            byLog[log, default: []].append(acceptance)
        }
        for (log, ranges) in byLog.sorted(by: { $0.key < $1.key }) {
            let context = try context(ofLog: log, db)
            if context.needsRebuild { continue }
            let pass = try LogPass(views: self, context: context, indexesNow: false, db)
            try pass.accept(ranges)
            try pass.finish()
        }
        if !rebuildsLater { try rebuildOutdated(byLog.keys.sorted(), db) }
    }

    /// Has a log's views put in anew by ``rebuildOutdated(_:)``.
    func outdate(log: Int64, _ db: Database) throws {
        try context(ofLog: log, db).needsRebuild = true
    }

    /// Takes note that a relay tells of a log, of which access is known up to a position.
    func beginOrder(ofLog log: Int64, accessPosition: UInt64, _ db: Database) throws {
        try context(ofLog: log, db).accessPosition = accessPosition
    }

    /// Takes note that all access ops up to a position are held: deletes up to there are final.
    func completeAccess(ofLog log: Int64, upTo position: UInt64, _ db: Database) throws {
        let context = try context(ofLog: log, db)
        guard context.accessPosition != position else { return }
        context.accessPosition = position
        if context.needsRebuild { return }
        let pass = try LogPass(views: self, context: context, indexesNow: false, db)
        try pass.finalizeOpenDeletes()
        try pass.finish()
    }

    /// Shows the new body of an own op that nobody has seen yet (rule O3).
    package func replaceBody(_ op: ViewOp, _ db: Database) throws {
        let context = try context(ofLog: op.log, db)
        let pass = try LogPass(views: self, context: context, indexesNow: true, db)
        try pass.replaceBody(op)
        try pass.finish()
        if context.needsRebuild { try rebuild(log: op.log, db) }
    }

    /// Takes an own op that nobody has seen yet out of the views; in the log it is void by now.
    ///
    /// The op is given as it was. What outdoes an edit or reaction, or empties its row, follows in
    /// the same transaction.
    package func void(_ op: ViewOp, isOutdone: Bool, _ db: Database) throws {
        let log = op.log
        let context = try context(ofLog: log, db)
        let pass = try LogPass(views: self, context: context, indexesNow: true, db)
        try pass.void(op, isOutdone: isOutdone)
        try pass.finish()
        if context.needsRebuild { try rebuild(log: log, db) }
    }

    /// Rebuilds after all logs have taken their part of a batch, since the source has all of it.
    private func rebuildOutdated(_ logs: [Int64], _ db: Database) throws {
        for log in logs where try context(ofLog: log, db).needsRebuild {
            try rebuild(log: log, db)
        }
    }

    /// Rebuilds what batches have outdated.
    package func rebuildOutdated(_ db: Database) throws {
        try rebuildOutdated(contexts.keys.sorted(), db)
    }

    /// Puts all of a log's ops into its views anew.
    package func rebuild(log: Int64, _ db: Database) throws {
        let isPersonal = try context(ofLog: log, db).history.kind == .personal
        // The other logs remember marks that are about to be told anew.
        if isPersonal { contexts = [:] }
        try rebuildOnly(log: log, db)
        guard isPersonal else { return }
        // Marks may have been taken back, so whatever they were set on is counted anew.
        for other in try Self.logs(db) where other != log { try rebuildOnly(log: other, db) }
    }

    /// Puts all ops of all logs into the views anew.
    package func rebuildAll(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM read_interval; DELETE FROM log_flag")
        contexts = [:]
        // Personal logs hold the marks that rows of the others are counted by.
        let logs = try Self.logs(db).map { log in
            (log, try context(ofLog: log, db).history.kind == .personal)
        }
        for (log, isPersonal) in logs where isPersonal { try rebuildOnly(log: log, db) }
        for (log, isPersonal) in logs where !isPersonal { try rebuildOnly(log: log, db) }
    }

    func context(ofLog log: Int64, _ db: Database) throws -> LogContext {
        touched.insert(log)
        if let context = contexts[log] { return context }
        let context = try LogLoader(views: self, db: db).load(log)
        contexts[log] = context
        return context
    }

    func drop(_ log: Int64) {
        contexts[log] = nil
    }

    private static func logs(_ db: Database) throws -> [Int64] {
        let query = try HotStatement(db, "SELECT id FROM log ORDER BY id")
        var logs: [Int64] = []
        while try query.next() { logs.append(query.int(0)) }
        return logs
    }
}
