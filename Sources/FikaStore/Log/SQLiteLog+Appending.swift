import FikaCRDT
package import FikaLog
import GRDB

extension SQLiteLog {
    package mutating func append(_ verified: VerifiedSegment) throws -> AppendReport {
        let plan = try AppendPlan.make(appending: verified, to: self).get()
        try append(verified, by: plan)
        return plan.report
    }

    /// Appends as it was planned; nothing was changed since.
    func append(_ verified: VerifiedSegment, by plan: AppendPlan) throws {
        let log = try catalog.makeRow(of: verified.log, db)
        for card in plan.newCards { try introduce(card, log: log) }
        for change in plan.haves { try store(change.have, of: change.replica, log: log) }
        if !plan.report.newRows.isEmpty {
            try storeBlock(verified, newRows: plan.report.newRows, log: log)
        }
        for change in plan.seals { try store(change.seal, of: change.replica, log: log) }
    }

    /// Writes down who a replica is, once.
    private func introduce(_ card: Card, log: Int64) throws {
        let row = try catalog.makeRow(of: card.replica, log: log, db)
        var entry = try catalog.replica(row, db)
        guard entry.signature == nil else { return }
        let update = try HotStatement(
            db,
            """
            UPDATE replica SET intro_time = ?, intro_body = ?, intro_signature = ?
            WHERE id = ?
            """)
        update.bind(1, Int64(bitPattern: card.time.raw))
        update.bind(2, blob: card.introduction.body)
        update.bind(3, blob: card.signature.bytes)
        update.bind(4, row)
        try update.run()
        entry.introduction = card.introduction
        entry.introductionTime = card.time
        entry.signature = card.signature
        catalog.update(entry)
        if let preimage = card.introduction.preimage {
            try store(preimage, log: log)
        }
    }

    /// Stores the block as it came, or without the rows that are held already.
    private func storeBlock(
        _ verified: VerifiedSegment, newRows: [Int], log: Int64
    ) throws {
        if newRows.count == verified.segment.rows.count {
            try insert(verified.segment, block: verified.block, log: log)
            return
        }
        var builder = SegmentBuilder(log: verified.log)
        for index in newRows {
            builder.append(verified.segment.rows[index], of: verified.segment)
        }
        let block = builder.block()
        try insert(try Segment(block: block), block: block, log: log)
    }

    @discardableResult
    func insert(
        _ segment: Segment, block: [UInt8], as id: Int64? = nil, log: Int64
    ) throws -> Int64 {
        let insert = try HotStatement(
            db,
            """
            INSERT INTO segment (log, ops, time_first, time_last, is_import, block, id)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        let columns = SegmentColumns(segment)
        insert.bind(1, log)
        insert.bind(2, columns.ops)
        insert.bind(3, columns.timeFirst)
        insert.bind(4, columns.timeLast)
        insert.bind(5, columns.isImport ? 1 : 0)
        insert.bind(6, blob: block)
        insert.bind(7, id)
        try insert.run()
        let id = db.lastInsertedRowID
        for run in segment.runs {
            let insert = try HotStatement(
                db, "INSERT INTO segment_run (replica, first, last, segment) VALUES (?, ?, ?, ?)")
            let replica = segment.replicas[Int(run.replica)]
            insert.bind(1, try catalog.makeRow(of: replica, log: log, db))
            insert.bind(2, Int64(run.first))
            insert.bind(3, Int64(run.last))
            insert.bind(4, id)
            try insert.run()
        }
        return id
    }

    /// Takes a block out; its ops must be in another one by the end of the transaction.
    func remove(_ id: Int64, _ segment: Segment, log row: Int64) throws {
        for run in segment.runs {
            let replica = segment.replicas[Int(run.replica)]
            let delete = try HotStatement(
                db, "DELETE FROM segment_run WHERE replica = ? AND first = ?")
            delete.bind(1, try catalog.makeRow(of: replica, log: row, db))
            delete.bind(2, Int64(run.first))
            try delete.run()
        }
        let delete = try HotStatement(db, "DELETE FROM segment WHERE id = ?")
        delete.bind(1, id)
        try delete.run()
        reader.forget(id)
    }

    func store(_ have: ReplicaHave, of replica: ReplicaID, log: Int64) throws {
        let row = try catalog.makeRow(of: replica, log: log, db)
        let delete = try HotStatement(db, "DELETE FROM have WHERE replica = ?")
        delete.bind(1, row)
        try delete.run()
        for interval in have.intervals {
            let insert = try HotStatement(
                db,
                """
                INSERT INTO have (replica, first, last, chain_before, chain_end, tail)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
            insert.bind(1, row)
            insert.bind(2, Int64(interval.first))
            insert.bind(3, Int64(interval.last))
            insert.bind(4, blob: interval.before.bytes)
            insert.bind(5, blob: interval.end.bytes)
            if interval.tail.isEmpty {
                insert.bindNull(6)
            } else {
                insert.bind(6, blob: interval.tail.flatMap(\.bytes))
            }
            try insert.run()
        }
    }

    private func store(_ seal: HeldSeal, of replica: ReplicaID, log: Int64) throws {
        let insert = try HotStatement(
            db, "INSERT INTO seal (replica, seq, chain, signature) VALUES (?, ?, ?, ?)")
        insert.bind(1, try catalog.makeRow(of: replica, log: log, db))
        insert.bind(2, Int64(seal.seq))
        insert.bind(3, blob: seal.chain.bytes)
        insert.bind(4, blob: seal.signature.bytes)
        try insert.run()
    }

    func store(_ preimage: LogPreimage, log: Int64) throws {
        let update = try HotStatement(
            db, "UPDATE log SET preimage = ? WHERE id = ? AND preimage IS NULL")
        update.bind(1, blob: StoredPreimage.encode(preimage))
        update.bind(2, log)
        try update.run()
    }
}
