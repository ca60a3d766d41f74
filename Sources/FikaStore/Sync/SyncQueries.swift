package import FikaCRDT
package import FikaLog
package import GRDB

/// What sync asks of a store, on any connection.
package struct SyncQueries {
    let db: Database
    let catalog = Catalog()
    let reader = SegmentReader()

    package init(_ db: Database) {
        self.db = db
    }

    var sqlite: SQLiteLog { SQLiteLog(db, catalog: catalog, reader: reader) }
    private var meta: MetaTable { MetaTable(db: db) }

    // MARK: Cursors

    /// The sum of the cursors of an epoch (rule R5); nil when there is none, though ops are held.
    func greeting(_ epoch: Epoch) throws -> (summary: SyncSummary?, completeUntil: UInt64) {
        let isSame = try meta.epoch() == epoch
        let query = try HotStatement(
            db,
            """
            SELECT log_id, position, running FROM sync JOIN log ON log.id = sync.log
            WHERE epoch = ? AND position > 0 AND is_ended = 0
            """)
        query.bind(1, Int64(bitPattern: epoch.raw))
        var summary = SyncSummary()
        while try query.next() {
            guard let log = LogID(bytes: query.bytes(0)),
                let running = Digest(bytes: query.bytes(2))
            else { throw StoreError.damaged("a cursor") }
            let cursor = FikaLog.Cursor(position: try query.natural(1), running: running)
            summary.add(log, epoch: epoch, cursor: cursor)
        }
        if try summary.count == 0 && holdsAnything() || lacksAnEnd() || mayFill(epoch) {
            return (nil, 0)
        }
        return (summary, isSame ? try meta.number(.completeUntil) ?? 0 : 0)
    }

    /// Whether of a log that ended not all is here that a relay says of its end (rule R7): the user
    /// still seems to be in, or writes as a replica that is not closed.
    private static let lacksItsEnd = """
        (EXISTS (SELECT 1 FROM room_summary WHERE room_summary.log = log.id AND is_member = 1)
            OR EXISTS (SELECT 1 FROM replica WHERE replica.log = log.id AND own = 1))
        """

    private func lacksAnEnd() throws -> Bool {
        try HotStatement(
            db,
            """
            SELECT 1 FROM sync JOIN log ON log.id = sync.log
            WHERE is_ended = 1 AND \(Self.lacksItsEnd) LIMIT 1
            """
        ).hasRow()
    }

    /// The logs that ended and of whose end everything is here: no relay is asked of them any more.
    func logsOver() throws -> Set<Int64> {
        let query = try HotStatement(
            db,
            """
            SELECT log.id FROM sync JOIN log ON log.id = sync.log
            WHERE is_ended = 1 AND NOT \(Self.lacksItsEnd)
            """)
        var logs: Set<Int64> = []
        while try query.next() { logs.insert(query.int(0)) }
        return logs
    }

    /// Whether of a log with a signed head nothing is known of this epoch's order: the relay may
    /// have lost what this store can fill it with (rule C2).
    private func mayFill(_ epoch: Epoch) throws -> Bool {
        let query = try HotStatement(
            db,
            """
            SELECT 1 FROM head JOIN sync ON sync.log = head.log
            WHERE is_joined = 1 AND is_ended = 0 AND (sync.epoch != ? OR sync.position = 0) LIMIT 1
            """)
        query.bind(1, Int64(bitPattern: epoch.raw))
        return try query.hasRow()
    }

    private func holdsAnything() throws -> Bool {
        try HotStatement(db, "SELECT 1 FROM segment LIMIT 1").hasRow()
    }

    /// The cursors of the logs of which something is held, rising by log.
    ///
    /// A log has none while nothing of the relay's present order is known.
    package func cursors() throws -> [(log: LogID, cursor: FikaLog.Cursor?)] {
        let epoch = try meta.epoch()
        let query = try HotStatement(
            db,
            """
            SELECT log_id, epoch, position, running FROM log LEFT JOIN sync ON sync.log = log.id
            WHERE (ifnull(is_ended, 0) = 0 OR \(Self.lacksItsEnd))
                AND EXISTS (SELECT 1 FROM segment WHERE segment.log = log.id)
            ORDER BY log_id
            """)
        var cursors: [(LogID, FikaLog.Cursor?)] = []
        while try query.next() {
            guard let log = LogID(bytes: query.bytes(0)) else {
                throw StoreError.damaged("a log's id has not 16 bytes")
            }
            var cursor: FikaLog.Cursor?
            if let own = query.optionalInt(1), Epoch(raw: UInt64(bitPattern: own)) == epoch,
                query.int(2) > 0, let running = Digest(bytes: query.bytes(3))
            {
                cursor = FikaLog.Cursor(position: try query.natural(2), running: running)
            }
            cursors.append((log, cursor))
        }
        return cursors
    }

    /// The cursor's position in the present epoch; 0 without one.
    package func position(of log: LogID) throws -> UInt64 {
        guard let row = try catalog.row(of: log, db),
            let sync = try SyncTable(db: db).row(ofLog: row),
            try sync.epoch == meta.epoch()
        else { return 0 }
        return sync.cursor.position
    }

    /// How much of a log's order is here; nil when no relay told anything of it.
    package func progress(of log: LogID) throws -> LogProgress? {
        guard let row = try catalog.row(of: log, db),
            let sync = try SyncTable(db: db).row(ofLog: row)
        else { return nil }
        let query = try HotStatement(
            db,
            """
            SELECT ifnull((SELECT sum(last - first + 1) FROM have
                    WHERE replica IN (SELECT id FROM replica WHERE log = ?1)), 0)
                + (SELECT count(*) FROM unsealed
                    WHERE op >> 32 IN (SELECT id FROM replica WHERE log = ?1 AND own > 0))
                - ifnull((SELECT sum(pending) FROM writer WHERE log = ?1), 0)
            """)
        query.bind(1, row)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return LogProgress(
            held: UInt64(max(query.int(0), 0)), told: sync.told, isEnded: sync.isEnded)
    }

    // MARK: Ops

    /// The chain value after an op that is held; nil when it is not.
    ///
    /// Seq 0 gives the start.
    package func chain(of replica: ReplicaID, in log: LogID, at seq: UInt64) throws -> Digest? {
        guard seq > 0 else { return Hashes.chainStart(log: log, replica: replica) }
        let held = try sqlite.have(of: replica, in: log).intervals.first {
            $0.first <= seq && seq <= $0.last
        }
        return try held.map { try sqlite.chain(of: replica, in: log, at: seq, within: $0) }
    }

    /// What is held of the replicas of a log, rising, and the longest head.
    package func haves(
        of log: LogID
    ) throws -> (head: Head?, replicas: [(replica: ReplicaID, have: ReplicaHave)]) {
        guard let row = try catalog.row(of: log, db) else { return (nil, []) }
        let head = try SyncTable(db: db).head(ofLog: row, log, isJoined: true)
        let replicas = try sqlite.replicas(of: log).map { replica in
            (replica, try sqlite.have(of: replica, in: log))
        }
        return (head, replicas.filter { !$0.1.intervals.isEmpty })
    }

    /// The placements of some positions, rising; those of ops that are not held are left out.
    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>
    ) throws -> [Placement] {
        guard let row = try catalog.row(of: log, db) else { return [] }
        var haves: [Int64: ReplicaHave] = [:]
        var placements: [Placement] = []
        for range in try AcceptanceTable(db: db).ranges(ofLog: row, positions: positions) {
            let acceptance = range.acceptance
            let replica = acceptance.first.replica
            let have = try haves[replica] ?? sqlite.have(ofRow: replica)
            haves[replica] = have
            let skipped = max(positions.lowerBound, range.position) - range.position
            let beyond = range.lastPosition - min(positions.upperBound, range.lastPosition)
            let (low, high) = (acceptance.first.seq + skipped, acceptance.last.seq - beyond)
            for interval in have.intervals {
                let first = max(interval.first, low)
                let last = min(interval.last, high)
                guard first <= last else { continue }
                let part = acceptance.part(first...last)
                placements.append(
                    Placement(
                        replica: try catalog.replica(replica, db).replica, seq: first,
                        count: part.count, position: part.position,
                        acceptedAt: part.acceptedAt))
            }
        }
        return placements
    }

    /// Hands out held ops as sealed segments; see ``RangeExporter``.
    package func segments(
        of log: LogID, ranges: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)], withCards: Bool
    ) throws -> [SealedSegment] {
        var exporter = try RangeExporter(
            log: log, of: sqlite, ranges: ranges, withCards: withCards)
        var segments: [SealedSegment] = []
        while let segment = try exporter.next() { segments.append(segment) }
        return segments
    }

    /// The logs that a user may read under the provisional access, rising.
    package func logs(readableBy user: UserID) throws -> [LogID] {
        let query = try HotStatement(
            db,
            """
            SELECT log_id FROM member JOIN person ON person.id = member.person
            JOIN log ON log.id = member.log WHERE name = ? AND is_user = 1 ORDER BY log_id
            """)
        query.bind(1, text: user.text)
        var logs: [LogID] = []
        while try query.next() {
            if let log = LogID(bytes: query.bytes(0)) { logs.append(log) }
        }
        return logs
    }
}
