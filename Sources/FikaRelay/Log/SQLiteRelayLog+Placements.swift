package import FikaCRDT
package import FikaLog
import FikaStore
import GRDB

extension SQLiteRelayLog {
    private static let columns = "replica, seq, count, position, accepted_at, running"

    package mutating func place(
        _ placement: Placement, running: Digest, in log: LogID
    ) throws {
        try database.use { db in
            let logRow = try database.catalog.makeRow(of: log, db)
            let insert = try HotStatement(
                db,
                """
                INSERT INTO placement (\(Self.columns), log) VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
            insert.bind(
                1, try database.catalog.makeRow(of: placement.replica, log: logRow, db))
            insert.bind(2, Int64(clamping: placement.seq))
            insert.bind(3, Int64(clamping: placement.count))
            insert.bind(4, Int64(clamping: placement.position))
            insert.bind(5, Int64(clamping: placement.acceptedAt))
            insert.bind(6, blob: running.bytes)
            insert.bind(7, logRow)
            try insert.run()
        }
    }

    package func placements(
        in log: LogID, positions: ClosedRange<UInt64>, limit: Int
    ) throws -> [PlacedRun] {
        guard limit > 0 else { return [] }
        return try database.use { db in
            guard let row = try database.catalog.row(of: log, db) else { return [] }
            let query = try HotStatement(
                db,
                """
                SELECT \(Self.columns) FROM placement
                WHERE log = ?1 AND position <= ?3 AND position >= ifnull(
                    (SELECT max(position) FROM placement WHERE log = ?1 AND position <= ?2), ?2)
                ORDER BY position
                """)
            query.bind(1, row)
            query.bind(2, Int64(clamping: positions.lowerBound))
            query.bind(3, Int64(clamping: positions.upperBound))
            defer { query.reset() }
            var runs: [PlacedRun] = []
            while runs.count < limit, try query.next() {
                let run = try run(query, db)
                if run.placement.lastPosition >= positions.lowerBound { runs.append(run) }
            }
            return runs
        }
    }

    /// Times of acceptance rise with the positions, so that a few steps find the place.
    package func lastPlacement(
        in log: LogID, acceptedUntil time: UInt64
    ) throws -> PlacedRun? {
        try database.use { db in
            guard let row = try database.catalog.row(of: log, db),
                let newest = try last(log: row, upTo: .max, db)
            else { return nil }
            guard newest.placement.acceptedAt > time else { return newest }
            // The distances double backwards from the end, where most who ask left off.
            var high = newest.placement.position
            var low = high
            var distance: UInt64 = 1
            repeat {
                low = low > distance ? low - distance : 0
                distance *= 2
                guard let run = try last(log: row, upTo: low, db),
                    run.placement.acceptedAt > time
                else { break }
                high = run.placement.position
            } while true
            // What stands at `low`, if anything, is early, and what stands at `high` late.
            while low + 1 < high {
                let middle = (low + high) / 2
                let run = try last(log: row, upTo: middle, db)
                if let run, run.placement.acceptedAt > time {
                    high = run.placement.position
                } else {
                    low = middle
                }
            }
            return try last(log: row, upTo: low, db)
        }
    }

    /// The placement with the highest first position up to one.
    private func last(log row: Int64, upTo position: UInt64, _ db: Database) throws -> PlacedRun? {
        let query = try HotStatement(
            db,
            """
            SELECT \(Self.columns) FROM placement WHERE log = ? AND position <= ?
            ORDER BY position DESC LIMIT 1
            """)
        query.bind(1, row)
        query.bind(2, Int64(clamping: position))
        guard try query.next() else { return nil }
        defer { query.reset() }
        return try run(query, db)
    }

    package func placements(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [Placement] {
        try database.use { db in
            guard let logRow = try database.catalog.row(of: log, db),
                let row = try database.catalog.row(of: replica, log: logRow, db)
            else { return [] }
            let query = try HotStatement(
                db,
                """
                SELECT \(Self.columns) FROM placement
                WHERE replica = ?1 AND seq <= ?3 AND seq >= ifnull(
                    (SELECT max(seq) FROM placement WHERE replica = ?1 AND seq <= ?2), ?2)
                ORDER BY seq
                """)
            query.bind(1, row)
            query.bind(2, Int64(clamping: seqs.lowerBound))
            query.bind(3, Int64(clamping: seqs.upperBound))
            var placements: [Placement] = []
            while try query.next() {
                if let part = try run(query, db).placement.clipped(toSeqs: seqs) {
                    placements.append(part)
                }
            }
            return placements
        }
    }

    private func run(_ query: HotStatement, _ db: Database) throws -> PlacedRun {
        guard let running = Digest(bytes: query.bytes(5)) else {
            throw StoreError.damaged("the placement at position \(query.int(3))")
        }
        return PlacedRun(
            placement: Placement(
                replica: try database.catalog.replica(query.int(0), db).replica,
                seq: try query.seq(1), count: try query.seq(2), position: try query.natural(3),
                acceptedAt: try query.natural(4)),
            running: running)
    }
}

extension Placement {
    /// The part of it within a range of seqs; nil when there is none.
    func clipped(toSeqs seqs: ClosedRange<UInt64>) -> Placement? {
        let first = max(seq, seqs.lowerBound)
        let last = min(lastSeq, seqs.upperBound)
        guard first <= last else { return nil }
        return Placement(
            replica: replica, seq: first, count: last - first + 1,
            position: position + (first - seq), acceptedAt: acceptedAt)
    }
}
