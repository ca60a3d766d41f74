package import FikaCRDT
package import FikaLog
package import GRDB

/// The log in SQLite, within one transaction or read of a connection.
///
/// Stored segments carry no proofs: seals and chain values stand in tables of their own, so that a
/// log at rest needs neither tails nor cards.
package struct SQLiteLog: OpLog {
    package typealias Failure = any Error

    package static func contradiction(_ what: String) -> any Error { StoreError.damaged(what) }

    let db: Database
    let catalog: Catalog
    let reader: SegmentReader

    package init(_ db: Database, catalog: Catalog, reader: SegmentReader) {
        self.db = db
        self.catalog = catalog
        self.reader = reader
    }

    package func logs() throws -> [LogID] {
        let query = try HotStatement(db, "SELECT log_id FROM log ORDER BY log_id")
        var logs: [LogID] = []
        while try query.next() {
            guard let log = LogID(bytes: query.bytes(0)) else {
                throw StoreError.damaged("a log's id has not 16 bytes")
            }
            logs.append(log)
        }
        return logs
    }

    package func replicas(of log: LogID) throws -> [ReplicaID] {
        guard let row = try catalog.row(of: log, db) else { return [] }
        let query = try HotStatement(
            db,
            """
            SELECT replica_id FROM replica WHERE log = ? AND intro_signature IS NOT NULL
            ORDER BY replica_id
            """)
        query.bind(1, row)
        var replicas: [ReplicaID] = []
        while try query.next() {
            guard let replica = ReplicaID(bytes: query.bytes(0)) else {
                throw StoreError.damaged("a replica's id has not 16 bytes")
            }
            replicas.append(replica)
        }
        return replicas
    }

    package func card(of replica: ReplicaID, in log: LogID) throws -> Card? {
        guard let row = try row(of: replica, in: log) else { return nil }
        return try catalog.replica(row, db).card
    }

    package func have(of replica: ReplicaID, in log: LogID) throws -> ReplicaHave {
        guard let row = try row(of: replica, in: log) else { return ReplicaHave() }
        return try have(ofRow: row)
    }

    package func have(ofRow row: Int64) throws -> ReplicaHave {
        let query = try HotStatement(
            db,
            """
            SELECT first, last, chain_before, chain_end, tail FROM have
            WHERE replica = ? ORDER BY first
            """)
        query.bind(1, row)
        var intervals: [HaveInterval] = []
        while try query.next() {
            let first = try query.seq(0)
            let last = try query.seq(1)
            let tail = try digests(query.bytes(4))
            guard let before = Digest(bytes: query.bytes(2)),
                let end = Digest(bytes: query.bytes(3)),
                first <= last, tail.count < Limits.sealDistanceMaximum,
                intervals.last.map({ $0.last + 1 < first }) ?? true
            else { throw StoreError.damaged("have of replica row \(row) from op \(first)") }
            intervals.append(
                HaveInterval(first: first, last: last, before: before, end: end, tail: tail))
        }
        return ReplicaHave(intervals: intervals)
    }

    package func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [HeldSeal] {
        guard let row = try row(of: replica, in: log) else { return [] }
        let query = try HotStatement(
            db,
            """
            SELECT seq, chain, signature FROM seal
            WHERE replica = ? AND seq BETWEEN ? AND ? ORDER BY seq
            """)
        query.bind(1, row)
        query.bind(2, Int64(clamping: seqs.lowerBound))
        query.bind(3, Int64(clamping: seqs.upperBound))
        var seals: [HeldSeal] = []
        while try query.next() {
            let seq = try query.natural(0)
            guard let chain = Digest(bytes: query.bytes(1)),
                let signature = Signature(bytes: query.bytes(2))
            else { throw StoreError.damaged("the seal of replica row \(row) at op \(seq)") }
            seals.append(HeldSeal(seq: seq, chain: chain, signature: signature))
        }
        return seals
    }

    /// Whether this very seal is held.
    func holds(_ seal: HeldSeal, of replica: ReplicaID, in log: LogID) throws -> Bool {
        try seals(of: replica, in: log, seqs: seal.seq...seal.seq) == [seal]
    }

    package func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [Op] {
        guard let row = try row(of: replica, in: log) else { return [] }
        var ops: [Op] = []
        for id in try reader.segments(ofReplica: row, seqs: seqs, db) {
            let segment = try reader.segment(id, db)
            for index in segment.rows.indices {
                let opRow = segment.rows[index]
                guard seqs.contains(opRow.seq), segment.dot(opRow).replica == replica else {
                    continue
                }
                ops.append(segment.op(opRow))
            }
        }
        // The runs of two segments may lie between one another.
        let isRising = zip(ops, ops.dropFirst()).allSatisfy { $0.id.dot.seq < $1.id.dot.seq }
        return isRising ? ops : ops.sorted { $0.id.dot.seq < $1.id.dot.seq }
    }

    /// The replicas of a log that wrote imports.
    func importReplicas(ofLog row: Int64) throws -> Set<ReplicaID> {
        let query = try HotStatement(
            db,
            """
            SELECT DISTINCT replica_id FROM replica
            JOIN segment_run ON segment_run.replica = replica.id
            JOIN segment ON segment.id = segment_run.segment
            WHERE replica.log = ? AND segment.is_import <> 0
            """)
        query.bind(1, row)
        var replicas: Set<ReplicaID> = []
        while try query.next() {
            guard let replica = ReplicaID(bytes: query.bytes(0)) else {
                throw StoreError.damaged("a replica's id has not 16 bytes")
            }
            replicas.insert(replica)
        }
        return replicas
    }

    /// The rows of the replicas as which this store writes or wrote.
    func ownReplicas(ofLog row: Int64) throws -> [Int64] {
        let query = try HotStatement(
            db, "SELECT id FROM replica WHERE log = ? AND own <> 0 ORDER BY id")
        query.bind(1, row)
        var rows: [Int64] = []
        while try query.next() { rows.append(query.int(0)) }
        return rows
    }

    /// What a log's id is derived from, where that is known.
    func preimage(ofLog row: Int64) throws -> LogPreimage? {
        let query = try HotStatement(db, "SELECT preimage FROM log WHERE id = ?")
        query.bind(1, row)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return query.isNull(0) ? nil : try StoredPreimage.decode(query.bytes(0))
    }

    func row(of replica: ReplicaID, in log: LogID) throws -> Int64? {
        guard let logRow = try catalog.row(of: log, db) else { return nil }
        return try catalog.row(of: replica, log: logRow, db)
    }

    private func digests(_ bytes: [UInt8]) throws -> [Digest] {
        try stride(from: 0, to: bytes.count, by: Digest.byteCount).map { start in
            guard
                let digest = Digest(
                    bytes: bytes[start..<min(start + Digest.byteCount, bytes.count)])
            else { throw StoreError.damaged("a tail is no list of hashes") }
            return digest
        }
    }
}
