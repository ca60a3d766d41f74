package import FikaCRDT
package import FikaChat
import FikaLog
package import GRDB

/// Reads what is shown, on any connection.
///
/// A page costs a bounded number of statements and of rows read, whatever the history. It belongs
/// to one connection, whose replicas it remembers.
package struct ViewQueries {
    let db: Database
    let catalog: Catalog

    /// Creates the queries of a connection.
    ///
    /// - Parameters:
    ///   - db: The connection, within a read or a write.
    ///   - catalog: What is remembered of it; a fresh one will do.
    package init(_ db: Database, catalog: Catalog = Catalog()) {
        self.db = db
        self.catalog = catalog
    }

    // MARK: Rooms

    /// All logs of which something is shown, personal ones left out, the latest first.
    package func rooms() throws -> [RoomRow] {
        let query = try HotStatement(
            db,
            """
            SELECT log.log_id, kind, name, about, is_member, is_read_only, rows, unread, mentions,
                last_row, (SELECT sum(1 << flag) FROM log_flag
                    WHERE log_flag.log = room_summary.log AND is_on)
            FROM room_summary JOIN log ON log.id = room_summary.log
            WHERE kind NOT IN (17, 18) ORDER BY last_time DESC, log.log_id
            """)
        var rooms: [RoomRow] = []
        var lasts: [OpKey?] = []
        while try query.next() {
            rooms.append(try room(query))
            lasts.append(query.optionalInt(9).map { OpKey(raw: $0) })
        }
        for (index, last) in lasts.enumerated() {
            rooms[index].last = try last.flatMap { try row($0)?.row }
        }
        return rooms
    }

    private func room(_ query: HotStatement) throws -> RoomRow {
        guard let log = LogID(bytes: query.bytes(0)) else {
            throw StoreError.damaged("a log's id has not 16 bytes")
        }
        let flags = query.int(10)
        return RoomRow(
            log: log, kind: LogKind(stored: query.int(1)), name: query.text(2),
            about: query.text(3), isMember: query.int(4) != 0, isReadOnly: query.int(5) != 0,
            rows: Int(query.int(6)), unread: Int(query.int(7)), mentions: Int(query.int(8)),
            flags: Set(
                LogFlag.Name.allCases.filter { flags & (1 << Int64($0.rawValue)) != 0 }))
    }

    /// Those who are in now, rising by user.
    package func members(of log: LogID) throws -> [Member] {
        guard let row = try catalog.row(of: log, db) else { return [] }
        let query = try HotStatement(
            db,
            """
            SELECT name, role FROM member JOIN person ON person.id = member.person
            WHERE log = ? ORDER BY name
            """)
        query.bind(1, row)
        var members: [Member] = []
        while try query.next() {
            members.append(
                Member(
                    user: try UserID(stored: query.text(0)),
                    role: Role(rawValue: UInt8(truncatingIfNeeded: query.int(1))) ?? .member))
        }
        return members
    }

    /// The flags that the viewer has set on a log.
    package func flags(of log: LogID) throws -> Set<LogFlag.Name> {
        guard let row = try catalog.row(of: log, db) else { return [] }
        let query = try HotStatement(
            db, "SELECT flag FROM log_flag WHERE log = ? AND is_on = 1")
        query.bind(1, row)
        var flags: Set<LogFlag.Name> = []
        while try query.next() {
            if let flag = LogFlag.Name(rawValue: UInt8(truncatingIfNeeded: query.int(0))) {
                flags.insert(flag)
            }
        }
        return flags
    }
}
