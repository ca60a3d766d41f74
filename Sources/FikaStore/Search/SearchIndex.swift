import FikaCRDT
import FikaLog
import GRDB

/// The full-text index over the texts of rows, and what it has yet to take in.
///
/// Ranges of op keys stand in the backlog, a few per replica and batch; a row's text is in the
/// index unless its key is in one of them.
struct SearchIndex {
    let db: Database

    func insert(_ row: OpKey, text: some Collection<UInt8>) throws {
        let insert = try HotStatement(db, "INSERT INTO search (rowid, text) VALUES (?, ?)")
        insert.bind(1, row.raw)
        insert.bind(2, text: text)
        try insert.run()
    }

    /// Takes a row out; its text has to be the one that was put in.
    func remove(_ row: OpKey, text: [UInt8]) throws {
        guard !text.isEmpty else { return }
        let delete = try HotStatement(
            db, "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)")
        delete.bind(1, row.raw)
        delete.bind(2, text: text)
        try delete.run()
    }

    func replace(_ row: OpKey, old: [UInt8], new: [UInt8]) throws {
        try remove(row, text: old)
        if !new.isEmpty { try insert(row, text: new) }
    }

    // MARK: Backlog

    func isInBacklog(_ row: OpKey) throws -> Bool {
        let query = try HotStatement(
            db,
            "SELECT last FROM search_backlog WHERE first <= ? ORDER BY first DESC LIMIT 1")
        query.bind(1, row.raw)
        guard try query.next() else { return false }
        defer { query.reset() }
        return query.int(0) >= row.raw
    }

    /// Leaves the rows that a writer has noted for later.
    func leave(_ writer: Writer) throws {
        for interval in writer.allUnindexed.intervals {
            try leave(writer.key(interval.lowerBound).raw, writer.key(interval.upperBound).raw)
        }
        writer.forgetUnindexed()
    }

    /// Adds a range, joined with those that it touches.
    private func leave(_ first: Int64, _ last: Int64) throws {
        var (first, last) = (first, last)
        while let touching = try range(touching: first, last) {
            first = min(first, touching.first)
            last = max(last, touching.last)
            let delete = try HotStatement(db, "DELETE FROM search_backlog WHERE first = ?")
            delete.bind(1, touching.first)
            try delete.run()
        }
        let insert = try HotStatement(
            db, "INSERT INTO search_backlog (first, last) VALUES (?, ?)")
        insert.bind(1, first)
        insert.bind(2, last)
        try insert.run()
    }

    private func range(
        touching first: Int64, _ last: Int64
    ) throws -> (first: Int64, last: Int64)? {
        let query = try HotStatement(
            db,
            """
            SELECT first, last FROM search_backlog WHERE first <= ? + 1
            ORDER BY first DESC LIMIT 1
            """)
        query.bind(1, last)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return query.int(1) >= first - 1 ? (query.int(0), query.int(1)) : nil
    }

    /// Takes in rows of the backlog, as many as the limit lets; returns whether rows are left.
    func index(limit: Int) throws -> Bool {
        var left = limit
        while left > 0, let (first, last) = try firstRange() {
            let rows = try texts(first, last, limit: left)
            for (row, text) in rows where !text.isEmpty {
                try insert(row, text: text)
            }
            let delete = try HotStatement(db, "DELETE FROM search_backlog WHERE first = ?")
            delete.bind(1, first)
            try delete.run()
            if rows.count == left, let done = rows.last?.row.raw, done < last {
                let insert = try HotStatement(
                    db, "INSERT INTO search_backlog (first, last) VALUES (?, ?)")
                insert.bind(1, done + 1)
                insert.bind(2, last)
                try insert.run()
            }
            left -= rows.count
        }
        return try firstRange() != nil
    }

    private func firstRange() throws -> (Int64, Int64)? {
        let query = try HotStatement(
            db, "SELECT first, last FROM search_backlog ORDER BY first LIMIT 1")
        guard try query.next() else { return nil }
        defer { query.reset() }
        return (query.int(0), query.int(1))
    }

    /// The rows of a range that search knows, stubs and system rows not among them.
    private func texts(
        _ first: Int64, _ last: Int64, limit: Int
    ) throws -> [(row: OpKey, text: [UInt8])] {
        let query = try HotStatement(
            db,
            """
            SELECT op, text FROM row WHERE op BETWEEN ? AND ? AND kind IN (10, 16, 31)
            ORDER BY op LIMIT ?
            """)
        query.bind(1, first)
        query.bind(2, last)
        query.bind(3, Int64(limit))
        var rows: [(OpKey, [UInt8])] = []
        while try query.next() { rows.append((OpKey(raw: query.int(0)), query.bytes(1))) }
        return rows
    }

    // MARK: Rebuilding

    /// Keeps the indexed texts of a log aside while its views are put in anew.
    func keepTexts(ofLog log: Int64) throws {
        try db.execute(sql: "DROP TABLE IF EXISTS temp.kept_text")
        try db.execute(
            sql: """
                CREATE TEMP TABLE kept_text AS
                SELECT op, text FROM main.row
                WHERE log = ? AND kind IN (10, 16, 31) AND text <> '' AND NOT EXISTS (
                    SELECT 1 FROM search_backlog WHERE first <= op AND last >= op)
                """, arguments: [log])
        try db.execute(sql: "CREATE INDEX temp.kept_text_by_op ON kept_text (op)")
    }

    /// Brings the index to what changed between the texts kept and those that are there.
    func compareTexts(ofLog log: Int64) throws {
        let gone = try changes(
            """
            SELECT op, text FROM temp.kept_text AS kept WHERE NOT EXISTS (
                SELECT 1 FROM main.row WHERE row.op = kept.op AND row.text = kept.text)
            """)
        for (row, text) in gone { try remove(row, text: text) }
        let new = try changes(
            """
            SELECT op, text FROM main.row WHERE log = \(log) AND kind IN (10, 16, 31)
                AND text <> '' AND NOT EXISTS (
                    SELECT 1 FROM temp.kept_text AS kept
                    WHERE kept.op = row.op AND kept.text = row.text)
                AND NOT EXISTS (
                    SELECT 1 FROM search_backlog WHERE first <= op AND last >= op)
            """)
        for (row, text) in new { try insert(row, text: text) }
        try db.execute(sql: "DROP TABLE temp.kept_text")
    }

    private func changes(_ sql: String) throws -> [(OpKey, [UInt8])] {
        let query = try HotStatement(db, sql)
        var rows: [(OpKey, [UInt8])] = []
        while try query.next() { rows.append((OpKey(raw: query.int(0)), query.bytes(1))) }
        return rows
    }
}
