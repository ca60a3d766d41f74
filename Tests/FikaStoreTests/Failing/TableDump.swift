import FikaStore
import GRDB

/// Every row of every table of a store, for comparing whole states.
struct TableDump: Equatable {
    private(set) var rows: [String: [String]] = [:]

    init(of store: Store) throws {
        rows = try store.read { db in
            let tables = try String.fetchAll(
                db,
                sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
            var rows: [String: [String]] = [:]
            for table in tables {
                rows[table] = try Row.fetchAll(db, sql: "SELECT * FROM \"\(table)\"")
                    .map { row in
                        row.map { name, value in "\(name)=\(value.databaseValue.sqlText)" }
                            .joined(separator: " ")
                    }.sorted()
            }
            return rows
        }
    }

    /// The same without what may stand in any form: the pages of the index for search, that there
    /// is something to scrub, and which file the marker is.
    var withoutIndexPages: TableDump {
        var dump = self
        for table in rows.keys where table.hasPrefix("search_") { dump.rows[table] = nil }
        dump.rows["meta"] = rows["meta"]?.filter {
            !$0.contains("key='scrub'") && !$0.contains("key='marker'")
        }
        return dump
    }

    /// The tables that are otherwise, each with the first rows that only one has.
    func differences(from other: TableDump) -> [String] {
        Set(rows.keys).union(other.rows.keys).sorted().compactMap { table in
            let (left, right) = (Set(rows[table] ?? []), Set(other.rows[table] ?? []))
            guard left != right else { return nil }
            let one = left.symmetricDifference(right).sorted().prefix(2)
            return "\(table): \(one.joined(separator: "; "))"
        }
    }
}

extension DatabaseValue {
    fileprivate var sqlText: String {
        switch storage {
        case .null: "NULL"
        case .int64(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): "'\(text)'"
        case .blob(let data): "x" + data.map { String($0, radix: 16) }.joined(separator: ".")
        }
    }
}
