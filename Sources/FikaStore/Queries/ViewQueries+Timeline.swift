package import FikaCRDT
import FikaChat
import FikaLog
import GRDB

extension ViewQueries {
    /// Where a page of the timeline lies.
    package enum Place: Hashable, Sendable {
        /// The last rows.
        case newest
        /// The rows before a row, or before the first at a time.
        case before(HybridTime, Dot?)
        case after(HybridTime, Dot?)
    }

    /// Reads a page of a timeline, in the order of rule M4.
    package func page(of log: LogID, _ place: Place, limit: Int) throws -> [StoredRow] {
        guard let row = try catalog.row(of: log, db) else { return [] }
        switch place {
        case .newest:
            let order = PlantedBug.pagesByArrival.isPlanted ? "row.op DESC" : RowOrder.falling
            return try rows(row, "", .zero, nil, order, limit).reversed()
        case .before(let time, let dot):
            let edge = try dot.flatMap { try key(of: $0, log: row) }
            let side = edge == nil ? "AND row.time < ?2" : Self.side("<")
            return try rows(row, side, time, edge, RowOrder.falling, limit).reversed()
        case .after(let time, let dot):
            let edge = try dot.flatMap { try key(of: $0, log: row) }
            let side = edge == nil ? "AND row.time >= ?2" : Self.side(">")
            return try rows(row, side, time, edge, RowOrder.rising, limit)
        }
    }

    /// Reads the rows around one: half of the limit before it, then it, then those after it.
    package func page(
        of log: LogID, around dot: Dot, limit: Int
    ) throws -> [StoredRow] {
        guard let middle = try row(log, dot) else { return [] }
        let id = middle.row.id
        let time = middle.row.stamp.time
        let before = try page(of: log, .before(time, id), limit: limit / 2)
        let after = try page(
            of: log, .after(time, id), limit: max(limit - before.count - 1, 0))
        return before + [middle] + after
    }

    /// A row by its id, or by the id of another op that stands for it.
    package func row(_ log: LogID, _ dot: Dot) throws -> StoredRow? {
        guard let logRow = try catalog.row(of: log, db),
            let replica = try catalog.row(of: dot.replica, log: logRow, db)
        else { return nil }
        return try row(OpKey(replica: replica, seq: dot.seq))
    }

    /// A row by its key, or by that of an alias.
    package func row(_ key: OpKey) throws -> StoredRow? {
        let query = try HotStatement(
            db,
            """
            SELECT \(RowReader.columns) FROM row
            WHERE op = ifnull((SELECT stands_for FROM alias WHERE op = ?1), ?1)
            """)
        query.bind(1, key.raw)
        return try RowReader(db: db, catalog: catalog).rows(query).first
    }

    /// All rows of a log in their order, a few at a time.
    func forEachRow(of log: LogID, _ body: (StoredRow) throws -> Void) throws {
        var place = Place.after(.zero, nil)
        while true {
            let rows = try page(of: log, place, limit: 512)
            for row in rows { try body(row) }
            guard let last = rows.last?.row else { return }
            place = .after(last.stamp.time, last.id)
        }
    }

    // MARK: Conditions

    /// The condition that leaves the rows on one side of the row ?4: the index finds the times,
    /// rows of its time are compared in full.
    private static func side(_ comparison: String) -> String {
        """
        AND row.time \(comparison)= ?2 AND (row.time \(comparison) ?2
            OR (\(RowOrder.ties)) \(comparison)
                (SELECT \(RowOrder.ties) FROM row WHERE op = ?4))
        """
    }

    private func key(of dot: Dot, log: Int64) throws -> OpKey? {
        guard let replica = try catalog.row(of: dot.replica, log: log, db) else { return nil }
        let key = OpKey(replica: replica, seq: dot.seq)
        let query = try HotStatement(
            db,
            """
            SELECT op FROM row
            WHERE op = ifnull((SELECT stands_for FROM alias WHERE op = ?1), ?1)
            """)
        query.bind(1, key.raw)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return OpKey(raw: query.int(0))
    }

    private func rows(
        _ log: Int64, _ side: String, _ time: HybridTime, _ edge: OpKey?, _ order: String,
        _ limit: Int
    ) throws -> [StoredRow] {
        let query = try HotStatement(
            db,
            """
            SELECT \(RowReader.columns) FROM row WHERE row.log = ?1 \(side)
            ORDER BY \(order) LIMIT ?3
            """)
        query.bind(1, log)
        if !side.isEmpty { query.bind(2, Int64(bitPattern: time.raw)) }
        query.bind(3, Int64(max(limit, 0)))
        if let edge { query.bind(4, edge.raw) }
        return try RowReader(db: db, catalog: catalog).rows(query)
    }
}
