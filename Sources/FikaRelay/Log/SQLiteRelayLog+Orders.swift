package import FikaCRDT
import FikaLog
import FikaStore
import GRDB

extension SQLiteRelayLog {
    private static let selectOrder = """
        SELECT log.log_id, number, workspace, position, running, access, reserved, first_given,
            accepted_at, log_order.highest_time
        FROM log_order JOIN log ON log.id = log_order.log
        """

    package func order(of log: LogID) throws -> LogOrder? {
        try database.use { db in
            guard let row = try database.catalog.row(of: log, db) else { return nil }
            let query = try HotStatement(db, Self.selectOrder + " WHERE log_order.log = ?")
            query.bind(1, row)
            guard try query.next() else { return nil }
            defer { query.reset() }
            return try Self.order(query)
        }
    }

    package func orders() throws -> [LogOrder] {
        try database.use { db in
            let query = try HotStatement(db, Self.selectOrder + " ORDER BY log.log_id")
            var orders: [LogOrder] = []
            while try query.next() { orders.append(try Self.order(query)) }
            return orders
        }
    }

    private static func order(_ query: HotStatement) throws -> LogOrder {
        guard let log = LogID(bytes: query.bytes(0)),
            let workspace = WorkspaceID(bytes: query.bytes(2)),
            let running = Digest(bytes: query.bytes(4)), let access = Digest(bytes: query.bytes(5))
        else { throw StoreError.damaged("the order of the log with number \(query.int(1))") }
        return LogOrder(
            log: log, number: try query.natural(1), workspace: workspace,
            position: try query.natural(3), running: running, access: access,
            reserved: query.isNull(6) ? nil : try StoredHead.decode(query.bytes(6), of: log),
            firstGiven: query.isNull(7) ? nil : try query.natural(7),
            acceptedAt: try query.natural(8),
            highestTime: HybridTime(raw: UInt64(bitPattern: query.int(9))))
    }

    package mutating func setOrder(_ order: LogOrder) throws {
        try database.use { db in
            let row = try database.catalog.makeRow(of: order.log, db)
            let write = try HotStatement(
                db,
                """
                INSERT INTO log_order (log, number, workspace, position, running, access, reserved,
                    first_given, accepted_at, highest_time)
                VALUES (?1, (SELECT ifnull(max(number), 0) + 1 FROM log_order),
                    ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                ON CONFLICT (log) DO UPDATE SET workspace = ?2, position = ?3, running = ?4,
                    access = ?5, reserved = ?6, first_given = ?7, accepted_at = ?8,
                    highest_time = ?9
                """)
            write.bind(1, row)
            write.bind(2, blob: order.workspace.bytes)
            write.bind(3, Int64(clamping: order.position))
            write.bind(4, blob: order.running.bytes)
            write.bind(5, blob: order.access.bytes)
            if let head = order.reserved {
                write.bind(6, blob: StoredHead.encode(head))
            } else {
                write.bindNull(6)
            }
            write.bind(7, order.firstGiven.map { Int64(clamping: $0) })
            write.bind(8, Int64(clamping: order.acceptedAt))
            write.bind(9, Int64(bitPattern: order.highestTime.raw))
            try write.run()
        }
    }

    private static let selectAccepted = """
        SELECT replica.replica_id, number, last, chain, closed_at
        FROM accepted JOIN replica ON replica.id = accepted.replica
        """

    package func accepted(of replica: ReplicaID, in log: LogID) throws -> AcceptedReplica? {
        try database.use { db in
            guard let logRow = try database.catalog.row(of: log, db),
                let row = try database.catalog.row(of: replica, log: logRow, db)
            else { return nil }
            let query = try HotStatement(db, Self.selectAccepted + " WHERE accepted.replica = ?")
            query.bind(1, row)
            guard try query.next() else { return nil }
            defer { query.reset() }
            return try Self.accepted(query)
        }
    }

    package func acceptedReplicas(of log: LogID) throws -> [AcceptedReplica] {
        try database.use { db in
            guard let row = try database.catalog.row(of: log, db) else { return [] }
            let query = try HotStatement(
                db, Self.selectAccepted + " WHERE accepted.log = ? ORDER BY number")
            query.bind(1, row)
            var replicas: [AcceptedReplica] = []
            while try query.next() { replicas.append(try Self.accepted(query)) }
            return replicas
        }
    }

    private static func accepted(_ query: HotStatement) throws -> AcceptedReplica {
        guard let replica = ReplicaID(bytes: query.bytes(0)),
            let chain = Digest(bytes: query.bytes(3))
        else { throw StoreError.damaged("the accepted replica with number \(query.int(1))") }
        return AcceptedReplica(
            replica: replica, number: try query.natural(1), last: try query.natural(2),
            chain: chain, closedAt: try query.optionalNatural(4))
    }

    package mutating func setAccepted(_ replica: AcceptedReplica, in log: LogID) throws {
        try database.use { db in
            let logRow = try database.catalog.makeRow(of: log, db)
            let row = try database.catalog.makeRow(of: replica.replica, log: logRow, db)
            let write = try HotStatement(
                db,
                """
                INSERT INTO accepted (replica, log, number, last, chain, closed_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                ON CONFLICT (replica) DO UPDATE
                SET number = ?3, last = ?4, chain = ?5, closed_at = ?6
                """)
            write.bind(1, row)
            write.bind(2, logRow)
            write.bind(3, Int64(clamping: replica.number))
            write.bind(4, Int64(clamping: replica.last))
            write.bind(5, blob: replica.chain.bytes)
            write.bind(6, replica.closedAt.map { Int64(clamping: $0) })
            try write.run()
        }
    }
}
