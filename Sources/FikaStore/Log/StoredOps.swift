import FikaCRDT
import FikaLog
package import GRDB

/// All ops of a store for its views: sealed ones from segments, unsealed ones from their rows.
package struct StoredOps: OpSource {
    let catalog: Catalog
    let reader: SegmentReader

    package init(catalog: Catalog, reader: SegmentReader) {
        self.catalog = catalog
        self.reader = reader
    }

    package func viewOp(_ key: OpKey, _ db: Database) throws -> ViewOp? {
        let entry = try catalog.replica(key.replica, db)
        if let row = try UnsealedTable(db: db).row(key) {
            return row.viewOp(log: entry.log, replica: entry.replica)
        }
        let ids = try reader.segments(ofReplica: key.replica, seqs: key.seq...key.seq, db)
        guard let id = ids.first else { return nil }
        let segment = try reader.segment(id, db)
        let dot = Dot(replica: entry.replica, seq: key.seq)
        guard let row = segment.rows.first(where: { $0.seq == key.seq && segment.dot($0) == dot })
        else { return nil }
        var op = segment.viewOp(row, key: key, log: entry.log)
        try accept(&op, db)
        return op
    }

    package func forEachBatch(
        ofLog log: Int64, _ db: Database, _ body: ([ViewOp]) throws -> Void
    ) throws {
        var last: Int64 = 0
        while let id = try nextSegment(ofLog: log, after: last, db) {
            var ops = try viewOps(try reader.segment(id, db), log: log, db)
            for index in ops.indices { try accept(&ops[index], db) }
            try body(ops)
            last = id
        }
        let sqlite = SQLiteLog(db, catalog: catalog, reader: reader)
        for replica in try sqlite.ownReplicas(ofLog: log) {
            let id = try catalog.replica(replica, db).replica
            let rows = try UnsealedTable(db: db).rows(ofReplica: replica)
            if !rows.isEmpty { try body(rows.map { $0.viewOp(log: log, replica: id) }) }
        }
    }

    /// A segment's rows as the views take them, without their acceptance.
    func viewOps(_ segment: Segment, log: Int64, _ db: Database) throws -> [ViewOp] {
        let replicas = try segment.replicas.map { try catalog.makeRow(of: $0, log: log, db) }
        return segment.rows.map { row in
            let replica = replicas[Int(segment.runs[Int(row.run)].replica)]
            return segment.viewOp(row, key: OpKey(replica: replica, seq: row.seq), log: log)
        }
    }

    private func accept(_ op: inout ViewOp, _ db: Database) throws {
        guard let acceptance = try AcceptanceTable(db: db).acceptance(of: op.key) else { return }
        op.position = acceptance.position
        op.acceptedAt = acceptance.acceptedAt
    }

    private func nextSegment(ofLog log: Int64, after id: Int64, _ db: Database) throws -> Int64? {
        let query = try HotStatement(
            db, "SELECT id FROM segment WHERE log = ? AND id > ? ORDER BY id LIMIT 1")
        query.bind(1, log)
        query.bind(2, id)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return query.int(0)
    }
}

extension Segment {
    /// A row as the views take it, without its acceptance.
    func viewOp(_ row: SegmentRow, key: OpKey, log: Int64) -> ViewOp {
        ViewOp(
            key: key, log: log, dot: dot(row), kind: row.kind, time: row.time,
            target: target(row), origin: origin(row), body: body(row), isErased: row.isErased)
    }
}
