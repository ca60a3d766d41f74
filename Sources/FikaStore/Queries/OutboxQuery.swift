import FikaChat
package import FikaCRDT
package import FikaLog
package import GRDB

/// What was written here and is on its way, op ids and texts included.
package struct OutboxQuery {
    private let db: Database
    private let catalog = Catalog()
    private let reader = SegmentReader()

    package init(_ db: Database) {
        self.db = db
    }

    /// A range of own ops with its first op.
    package struct Item: Sendable {
        package let entry: OutboxEntry
        package let first: OpID
        package let op: Op?
    }

    /// All ranges: own writing first in the order of writing, imports last.
    ///
    /// What was emptied before anybody saw it, and introductions, say nothing and are left out.
    package func items() throws -> [Item] {
        let inspector = LogInspector(db)
        return try OutboxTable(db: db).entries().compactMap { entry in
            let log = try catalog.log(catalog.replica(entry.first.replica, db).log, db)
            let id = OpID(log: log, dot: try catalog.dot(entry.first, db))
            let op = try inspector.op(id)?.op
            if !entry.isImport, entry.count == 1, op?.kind == .void || op?.kind == .introduction {
                return nil
            }
            return Item(entry: entry, first: id, op: op)
        }
    }

    /// The logs for which something waits to be sent, introductions included; rising.
    package func queuedLogs() throws -> [LogID] {
        let rows = try Int64.fetchAll(
            db, sql: "SELECT DISTINCT first >> 32 FROM outbox WHERE state = 0")
        let logs = try rows.map { try catalog.log(catalog.replica($0, db).log, db) }
        return Set(logs).sorted()
    }

    /// The ops of the item that begins with an op; nil when there is none.
    package func ops(ofItem first: OpID) throws -> [Op]? {
        guard let item = try items().first(where: { $0.first == first }) else { return nil }
        let inspector = LogInspector(db)
        let last = first.dot.seq + UInt64(item.entry.count) - 1
        return try (first.dot.seq...last).compactMap { seq in
            let dot = Dot(replica: first.dot.replica, seq: seq)
            return try inspector.op(OpID(log: first.log, dot: dot))?.op
        }
    }
}
