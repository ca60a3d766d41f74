import FikaCRDT
import FikaLog
import GRDB

/// Takes what verifies out of a damaged database, log by log, into a new one.
struct Salvage {
    private let source: SalvageSource
    private let writer: StoreWriter
    private let db: Database
    private let catalog = Catalog()
    /// Replica rows of the damaged database, as they are numbered in the new one.
    private var newRows: [Int64: Int64] = [:]
    private(set) var report = RepairReport()

    init(source: SalvageSource, writer: StoreWriter, _ db: Database) {
        self.source = source
        self.writer = writer
        self.db = db
    }

    mutating func run() throws {
        try takeSettings()
        let replicas = replicasByLog()
        for (oldRow, entries) in replicas.sorted(by: { $0.key < $1.key }) {
            guard let log = try? source.read({ try catalog.log(oldRow, $0) }) else { continue }
            try takeLog(log, oldRow, entries)
        }
        try takeOutbox()
        try takeUnsealed()
        try source.checkAllWasAsked()
    }

    private func takeSettings() throws {
        let table = MetaTable(db: db)
        for key in [MetaTable.Key.relays, .relayAddress] {
            let bytes = try? source.read { try MetaTable(db: $0).bytes(key) }
            if let bytes { try table.set(key, bytes) }
        }
        do {
            writer.views.trust(try table.trustedRelays())
        } catch is StoreError {
            try table.setTrustedRelays([])
        }
    }

    private func replicasByLog() -> [Int64: [ReplicaEntry]] {
        let entries = source.keys("id", of: "replica").compactMap { row in
            try? source.read { try catalog.replica(row, $0) }
        }
        return Dictionary(grouping: entries, by: \.log)
    }

    // MARK: Sealed ops

    private mutating func takeLog(_ log: LogID, _ oldRow: Int64, _ entries: [ReplicaEntry]) throws {
        let row = try writer.catalog.makeRow(of: log, db)
        let preimage = try? source.read { db in
            try SQLiteLog(db, catalog: catalog, reader: SegmentReader()).preimage(ofLog: oldRow)
        }
        if let preimage, Hashes.derivedLogID(preimage) == log {
            try writer.log(db).store(preimage, log: row)
        }
        for entry in entries {
            let have = try? source.read { db in
                try SQLiteLog(db, catalog: catalog, reader: SegmentReader()).have(ofRow: entry.row)
            }
            for interval in have?.intervals ?? [] {
                try take(interval.first...interval.last, of: entry, in: log)
            }
            try note(entry, log: row)
        }
        try writer.settleViews(db)
    }

    /// Takes a range in the pieces that seals stand at the ends of, each by itself.
    private mutating func take(
        _ seqs: ClosedRange<UInt64>, of entry: ReplicaEntry, in log: LogID
    ) throws {
        let distance = UInt64(Limits.sealDistanceMaximum)
        var first = seqs.lowerBound
        while first <= seqs.upperBound {
            let last = min((first + distance - 1) / distance * distance, seqs.upperBound)
            let kept = try take(piece: first...last, of: entry, in: log)
            report.keptOps += kept
            // A range that nobody can have says nothing of how much is missing.
            guard kept > 0 || last - seqs.lowerBound < 1 << 20 else { return }
            report.missingOps += max(0, Int(last - first + 1) - kept)
            first = last + 1
        }
    }

    private func take(
        piece seqs: ClosedRange<UInt64>, of entry: ReplicaEntry, in log: LogID
    ) throws -> Int {
        let segments = try? source.read { db in
            let sqlite = SQLiteLog(db, catalog: catalog, reader: SegmentReader())
            var exporter = try RangeExporter(
                log: log, of: sqlite, ranges: [(entry.replica, seqs)], withCards: true)
            var segments: [SealedSegment] = []
            while let segment = try exporter.next() { segments.append(segment) }
            return segments
        }
        var count = 0
        for segment in segments ?? [] {
            var new = 0
            do {
                try db.inSavepoint {
                    new = try writer.apply(segment, isFollowed: true, db)
                    return .commit
                }
                count += new
            } catch is LogError {
                // It does not verify: bytes were changed.
                forget()
            } catch let error as StoreError where !StoreError.isOfSystem(error) {
                forget()
            }
        }
        return count
    }

    private func forget() {
        db.resetStatements()
        writer.forget()
    }

    /// Writes down what is known of a replica beside its ops; own ones are left.
    private mutating func note(_ entry: ReplicaEntry, log: Int64) throws {
        guard let row = try writer.catalog.row(of: entry.replica, log: log, db) else { return }
        newRows[entry.row] = row
        var new = try writer.catalog.replica(row, db)
        new.isImport = entry.isImport
        if new.introduction?.publicKey == writer.profile.publicKey { new.own = .former }
        let update = try HotStatement(
            db, "UPDATE replica SET own = ?, is_import = ? WHERE id = ?")
        update.bind(1, new.own.rawValue)
        update.bind(2, new.isImport ? 1 : 0)
        update.bind(3, row)
        try update.run()
        writer.catalog.update(new)
    }

    // MARK: Own ops

    /// What was sealed and not accepted still waits, as far as it was kept.
    private func takeOutbox() throws {
        let outbox = OutboxTable(db: db)
        let old = (try? source.read { try OutboxTable(db: $0).entries() }) ?? []
        for entry in old {
            guard let row = newRows[entry.first.replica] else { continue }
            for interval in try writer.log(db).have(ofRow: row).intervals {
                let first = max(interval.first, entry.first.seq)
                let last = min(interval.last, entry.last.seq)
                guard first <= last else { continue }
                let keys = (OpKey(replica: row, seq: first), OpKey(replica: row, seq: last))
                try outbox.remove(keys.0.raw...keys.1.raw)
                try outbox.insert(
                    first: keys.0, last: keys.1, writtenAt: entry.writtenAt,
                    isImport: entry.isImport)
                if entry.state != .queued {
                    try outbox.set(entry.state, reason: entry.reason, of: keys.0.raw...keys.1.raw)
                }
            }
        }
    }

    /// Says again what nobody had seen.
    private mutating func takeUnsealed() throws {
        var rows: [Int64: [(UnsealedRow, ReplicaID)]] = [:]
        for key in source.keys("op", of: "unsealed") {
            let found = try? source.read { db -> (UnsealedRow, ReplicaID, LogID)? in
                let entry = try catalog.replica(OpKey(raw: key).replica, db)
                guard let row = try UnsealedTable(db: db).row(OpKey(raw: key)) else { return nil }
                return (row, entry.replica, try catalog.log(entry.log, db))
            }
            guard let (row, replica, log) = found else {
                report.lostOps += 1
                continue
            }
            guard row.kind != .introduction, row.kind != .void else { continue }
            rows[try writer.catalog.makeRow(of: log, db), default: []].append((row, replica))
        }
        for (log, ops) in rows.sorted(by: { $0.key < $1.key }) {
            var chain = try writer.introduceReplica(inLog: log, isImport: false, db)
            for (op, replica) in ops {
                try writer.copy(op, of: replica, to: &chain, log: log, db)
                report.saidAgain += 1
            }
            writer.chains[log] = chain
            try writer.views.rebuild(log: log, db)
        }
    }
}
