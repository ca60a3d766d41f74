import FikaChat
import FikaCRDT
import FikaLog
import GRDB

extension StoreWriter {
    /// How far the commit of what came must reach.
    ///
    /// What a relay holds too may be told again; of own ops nobody else may say later what became
    /// of them (rule ST2).
    func durability(of arrivals: [Received], _ db: Database) throws -> Durability {
        for arrival in arrivals {
            if case .ops(let sealed, _) = arrival,
                sealed.segment.rows.contains(where: { $0.kind == ChatKind.close.kind })
            {
                return .full
            }
            guard let id = arrival.log, let log = try catalog.row(of: id, db) else { continue }
            for placement in arrival.placements {
                guard let row = try catalog.row(of: placement.replica, log: log, db) else {
                    continue
                }
                if try catalog.replica(row, db).own != .foreign { return .full }
            }
        }
        return .normal
    }

    /// Verifies and stores what came, log by log.
    func receive(_ arrivals: [Received], _ db: Database) throws {
        let epoch = try MetaTable(db: db).epoch()
        var order: [LogID] = []
        var parts: [LogID: [Received]] = [:]
        var synced: UInt64?
        for arrival in arrivals {
            if case .synced(let time) = arrival { synced = time }
            guard let log = arrival.log else { continue }
            if parts[log] == nil { order.append(log) }
            parts[log, default: []].append(arrival)
        }
        for log in order { try receive(parts[log] ?? [], of: log, epoch: epoch, db) }
        if let synced { try MetaTable(db: db).set(.completeUntil, synced) }
    }

    /// Of a log that was not held and came without a relay's word nothing is kept, unless the
    /// user may read it then (rules F11 and P3).
    private func receive(
        _ part: [Received], of log: LogID, epoch: Epoch?, _ db: Database
    ) throws {
        let isTold = try part.contains(where: \.isRelays) || isHeld(log, db)
        guard !isTold else { return try take(part, of: log, epoch: epoch, db) }
        var isReadable = false
        try db.inSavepoint {
            try take(part, of: log, epoch: epoch, db)
            isReadable = try mayRead(log, db)
            return isReadable ? .commit : .rollback
        }
        if !isReadable { forget() }
    }

    private func take(
        _ part: [Received], of log: LogID, epoch: Epoch?, _ db: Database
    ) throws {
        var receipt = try LogReceipt(log, epoch: epoch, writer: self, db)
        for arrival in part { try receipt.take(arrival) }
        try receipt.finish()
    }

    private func isHeld(_ log: LogID, _ db: Database) throws -> Bool {
        guard let row = try catalog.row(of: log, db) else { return false }
        let query = try HotStatement(
            db,
            """
            SELECT EXISTS (SELECT 1 FROM segment WHERE log = ?1)
                OR EXISTS (SELECT 1 FROM sync WHERE log = ?1)
                OR EXISTS (SELECT 1 FROM unsealed JOIN replica ON replica.id = op >> 32
                    WHERE log = ?1)
            """)
        query.bind(1, row)
        guard try query.next() else { return false }
        defer { query.reset() }
        return query.int(0) != 0
    }

    /// Forgets the positions of a log beyond one; own ops are on their way again.
    ///
    /// The views are put in anew by ``settleViews(_:)``.
    func letGo(ofLog log: Int64, beyond position: UInt64, _ db: Database) throws {
        let forgotten = try AcceptanceTable(db: db).letGo(ofLog: log, beyond: position)
        guard !forgotten.isEmpty else { return }
        let sqlite = self.log(db)
        for range in forgotten {
            let entry = try catalog.replica(range.first.replica, db)
            guard entry.own != .foreign else { continue }
            for interval in try sqlite.have(ofRow: entry.row).intervals {
                let first = max(interval.first, range.first.seq)
                let last = min(interval.last, range.last.seq)
                guard first <= last else { continue }
                try OutboxTable(db: db).restore(
                    range.part(first...last), isImport: entry.isImport)
            }
        }
        try views.outdate(log: log, db)
    }
}

extension Received {
    /// Whether only a relay says such a thing.
    fileprivate var isRelays: Bool {
        switch self {
        case .ops(_, let placements): !placements.isEmpty
        case .placed, .head, .follows, .refused, .ended, .orderStartsAgain, .synced: true
        }
    }
}
