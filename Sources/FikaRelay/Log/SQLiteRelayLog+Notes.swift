package import FikaChat
package import FikaCRDT
package import FikaLog
import FikaStore
import GRDB

extension SQLiteRelayLog {
    package mutating func noteEarly(_ dot: Dot, at position: UInt64, in log: LogID) throws {
        try database.use { db in
            let logRow = try database.catalog.makeRow(of: log, db)
            let insert = try HotStatement(
                db, "INSERT OR REPLACE INTO early (log, position, op) VALUES (?, ?, ?)")
            insert.bind(1, logRow)
            insert.bind(2, Int64(clamping: position))
            insert.bind(3, try database.catalog.key(of: dot, log: logRow, db).raw)
            try insert.run()
        }
    }

    package func early(
        in log: LogID, after position: UInt64, limit: Int
    ) throws -> [EarlyOp] {
        try database.use { db in
            guard let row = try database.catalog.row(of: log, db) else { return [] }
            let query = try HotStatement(
                db,
                """
                SELECT op, position FROM early WHERE log = ? AND position > ?
                ORDER BY position LIMIT ?
                """)
            query.bind(1, row)
            query.bind(2, Int64(clamping: position))
            query.bind(3, Int64(limit))
            var early: [EarlyOp] = []
            while try query.next() {
                early.append(
                    EarlyOp(
                        dot: try database.catalog.dot(OpKey(raw: query.int(0)), db),
                        position: try query.natural(1)))
            }
            return early
        }
    }

    package mutating func noteAim(of dot: Dot, at target: Dot, in log: LogID) throws {
        try database.use { db in
            let row = try database.catalog.makeRow(of: log, db)
            let insert = try HotStatement(
                db, "INSERT OR IGNORE INTO aim (target, op) VALUES (?, ?)")
            insert.bind(1, try database.catalog.key(of: target, log: row, db).raw)
            insert.bind(2, try database.catalog.key(of: dot, log: row, db).raw)
            try insert.run()
        }
    }

    package mutating func noteErasedImport(_ key: ImportKey, in log: LogID) throws {
        try database.use { db in
            let row = try database.catalog.makeRow(of: log, db)
            let insert = try HotStatement(
                db, "INSERT OR IGNORE INTO erased_import (log, key) VALUES (?, ?)")
            insert.bind(1, row)
            insert.bind(2, Int64(bitPattern: key.raw))
            try insert.run()
        }
    }

    package func erasedImports(of log: LogID) throws -> Set<ImportKey> {
        try database.use { db in
            guard let row = try database.catalog.row(of: log, db) else { return [] }
            let query = try HotStatement(db, "SELECT key FROM erased_import WHERE log = ?")
            query.bind(1, row)
            var keys: Set<ImportKey> = []
            while try query.next() {
                keys.insert(ImportKey(raw: UInt64(bitPattern: query.int(0))))
            }
            return keys
        }
    }

    package func aims(at target: Dot, in log: LogID) throws -> [Dot] {
        try database.use { db in
            guard let logRow = try database.catalog.row(of: log, db),
                let row = try database.catalog.row(of: target.replica, log: logRow, db)
            else { return [] }
            let query = try HotStatement(db, "SELECT op FROM aim WHERE target = ?")
            query.bind(1, OpKey(replica: row, seq: target.seq).raw)
            var dots: [Dot] = []
            while try query.next() {
                dots.append(try database.catalog.dot(OpKey(raw: query.int(0)), db))
            }
            return dots.sorted()
        }
    }

    package mutating func setMembership(
        _ membership: LogMembership, of user: UserID, in workspace: WorkspaceID
    ) throws {
        try database.use { db in
            let insert = try HotStatement(
                db,
                """
                INSERT OR REPLACE INTO membership (workspace, user, log, is_member, changed_at)
                VALUES (?, ?, ?, ?, ?)
                """)
            insert.bind(1, blob: workspace.bytes)
            insert.bind(2, text: user.text)
            insert.bind(3, try database.catalog.makeRow(of: membership.log, db))
            insert.bind(4, membership.isMember ? 1 : 0)
            insert.bind(5, Int64(clamping: membership.changedAt))
            try insert.run()
        }
    }

    package func memberships(
        of user: UserID, in workspace: WorkspaceID
    ) throws -> [LogMembership] {
        try database.use { db in
            let query = try HotStatement(
                db,
                """
                SELECT log.log_id, is_member, changed_at
                FROM membership JOIN log ON log.id = membership.log
                WHERE workspace = ? AND user = ? ORDER BY log.log_id
                """)
            query.bind(1, blob: workspace.bytes)
            query.bind(2, text: user.text)
            var memberships: [LogMembership] = []
            while try query.next() {
                guard let log = LogID(bytes: query.bytes(0)) else {
                    throw StoreError.damaged("a log's id has not 16 bytes")
                }
                memberships.append(
                    LogMembership(
                        log: log, isMember: query.int(1) != 0,
                        changedAt: try query.natural(2)))
            }
            return memberships
        }
    }
}
