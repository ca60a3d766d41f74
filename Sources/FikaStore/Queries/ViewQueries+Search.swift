package import FikaCRDT
import FikaLog
import GRDB

extension ViewQueries {
    /// Finds rows by words, case and diacritics folded; the last word may be the start of one.
    ///
    /// What the user typed is never syntax. Without a log all are looked into. Newest hits first.
    package func search(_ words: String, in log: LogID? = nil, limit: Int) throws -> SearchHits {
        let isIncomplete = try hasBacklog()
        guard let match = Self.match(words), limit > 0 else {
            return SearchHits(hits: [], isIncomplete: isIncomplete)
        }
        var only: Int64?
        if let log {
            guard let row = try catalog.row(of: log, db) else {
                return SearchHits(hits: [], isIncomplete: isIncomplete)
            }
            only = row
        }
        let keys = try newest(match, only, limit)
        let hits = try keys.compactMap { key -> SearchHits.Hit? in
            guard let row = try row(key) else { return nil }
            let log = try catalog.log(try catalog.replica(key.replica, db).log, db)
            return SearchHits.Hit(log: log, row: row)
        }
        return SearchHits(hits: hits, isIncomplete: isIncomplete)
    }

    /// Quotes each word, so that what a user types is never syntax; nil without any.
    static func match(_ words: String) -> String? {
        let parts = words.unicodeScalars
            .split { $0.properties.isWhitespace || $0.value == 0 }
            .map {
                "\"" + String(String.UnicodeScalarView($0)).replacing("\"", with: "\"\"") + "\""
            }
        return parts.isEmpty ? nil : parts.joined(separator: " ") + "*"
    }

    private func hasBacklog() throws -> Bool {
        let query = try HotStatement(db, "SELECT EXISTS (SELECT 1 FROM search_backlog)")
        guard try query.next() else { return false }
        defer { query.reset() }
        return query.int(0) != 0
    }

    /// Few hits are sorted; of many the newest of each replica are merged, the replicas with the
    /// newest rows first, since within one the op keys rise with time.
    private func newest(_ match: String, _ log: Int64?, _ limit: Int) throws -> [OpKey] {
        let few = try hits(match, log, 1, Int64.max, limit: Self.fewMaximum + 1)
        if few.count <= Self.fewMaximum { return Self.newest(few, limit) }
        var hits: [Hit] = []
        for (replica, time) in try writers(of: log) {
            if hits.count == limit, let oldest = hits.last, oldest.time > time { break }
            hits += try self.hits(
                match, log, replica << 32, replica << 32 | 0xFFFF_FFFF, limit: limit)
            hits = Array(hits.sorted(by: Hit.isNewer).prefix(limit))
        }
        return hits.map(\.key)
    }

    private static let fewMaximum = 256

    private struct Hit {
        let key: OpKey
        let time: Int64

        static func isNewer(_ left: Hit, _ right: Hit) -> Bool {
            left.time != right.time ? left.time > right.time : left.key > right.key
        }
    }

    private static func newest(_ hits: [Hit], _ limit: Int) -> [OpKey] {
        hits.sorted(by: Hit.isNewer).prefix(limit).map(\.key)
    }

    /// Hits in a range of op keys, the highest keys first.
    private func hits(
        _ match: String, _ log: Int64?, _ first: Int64, _ last: Int64, limit: Int
    ) throws -> [Hit] {
        let query = try HotStatement(
            db,
            """
            SELECT search.rowid, row.time FROM search CROSS JOIN row ON row.op = search.rowid
            WHERE search MATCH ?1 AND search.rowid BETWEEN ?2 AND ?3
                AND (?4 IS NULL OR row.log = ?4) AND NOT row.marks & 1
            ORDER BY search.rowid DESC LIMIT ?5
            """)
        query.bind(1, text: match)
        query.bind(2, first)
        query.bind(3, last)
        query.bind(4, log)
        query.bind(5, Int64(limit))
        var hits: [Hit] = []
        while try query.next() {
            hits.append(Hit(key: OpKey(raw: query.int(0)), time: query.int(1)))
        }
        return hits
    }

    /// The replicas with rows, the latest first.
    private func writers(of log: Int64?) throws -> [(replica: Int64, time: Int64)] {
        let query = try HotStatement(
            db,
            """
            SELECT replica, row_time FROM writer WHERE (?1 IS NULL OR log = ?1)
            ORDER BY row_time DESC
            """)
        query.bind(1, log)
        var writers: [(Int64, Int64)] = []
        while try query.next() { writers.append((query.int(0), query.int(1))) }
        return writers
    }
}
