import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension Views {
    /// Empties the views of a log and puts its ops in again.
    func rebuildOnly(log: Int64, _ db: Database) throws {
        let search = SearchIndex(db: db)
        try search.keepTexts(ofLog: log)
        let summary = try context(ofLog: log, db).summary
        try clear(log, db)
        drop(log)
        let context = try context(ofLog: log, db)
        context.isRebuilding = true
        context.summary.kind = context.history.kind
        context.summary.isMember = context.history.role(of: viewer) != nil
        context.isSummaryDirty = summary.rows > 0 || summary.kind != .unknown
        let pass = try LogPass(views: self, context: context, indexesNow: false, db)
        try pass.takeAll(from: source)
        context.needsRebuild = false
        try pass.settleWaiting()
        try pass.finish(leavesIndex: false)
        context.isRebuilding = false
        try search.compareTexts(ofLog: log)
    }

    private func clear(_ log: Int64, _ db: Database) throws {
        if try context(ofLog: log, db).history.kind == .personal {
            try db.execute(sql: "DELETE FROM read_interval; DELETE FROM log_flag")
        }
        for (table, condition) in Migration1.perLog + [("room_summary", "log = ?1")] {
            let delete = try HotStatement(db, "DELETE FROM \(table) WHERE \(condition)")
            delete.bind(1, log)
            try delete.run()
        }
    }
}

extension LogPass {
    /// Takes all ops: first those that others are judged by, then all.
    func takeAll(from source: any OpSource) throws {
        var identities: [ViewOp] = []
        try source.forEachBatch(ofLog: context.row, db) { ops in
            identities += ops.filter {
                $0.kind == .introduction || $0.origin != nil
                    || ChatKind($0.kind)?.flags.contains(.access) == true
            }
        }
        try takeIdentities(identities)
        try source.forEachBatch(ofLog: context.row, db) { ops in
            try take(again: ops)
        }
    }

    /// Tells of what still waits whether the awaited op is held and of a wrong kind.
    func settleWaiting() throws {
        let query = try HotStatement(
            db, "SELECT op FROM outcome WHERE log = ? AND state = 1 AND waits_for IS NOT NULL")
        query.bind(1, context.row)
        var waiting: [OpKey] = []
        while try query.next() { waiting.append(OpKey(raw: query.int(0))) }
        context.isRebuilding = false
        for key in waiting {
            guard let op = try views.source.viewOp(key, db) else { continue }
            if ChatKind(op.kind)?.flags.contains(.access) != true { try put(op) }
        }
    }
}
