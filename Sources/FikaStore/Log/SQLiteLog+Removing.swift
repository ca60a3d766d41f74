import FikaCRDT
import FikaLog
import GRDB

extension SQLiteLog {
    /// Takes a replica's ops out, of which nobody will ever hear.
    func remove(replica row: Int64) throws {
        let entry = try catalog.replica(row, db)
        for id in try reader.segments(ofReplica: row, seqs: 1...Limits.seqMaximum, db) {
            let segment = try reader.segment(id, db)
            var builder = SegmentBuilder(log: segment.log)
            for row in segment.rows where segment.dot(row).replica != entry.replica {
                builder.append(row, of: segment)
            }
            try remove(id, segment, log: entry.log)
            guard builder.count > 0 else { continue }
            let block = builder.block()
            try insert(try Segment(block: block), block: block, as: id, log: entry.log)
        }
        for table in ["have", "seal"] {
            let delete = try HotStatement(db, "DELETE FROM \(table) WHERE replica = ?")
            delete.bind(1, row)
            try delete.run()
        }
        let update = try HotStatement(
            db,
            """
            UPDATE replica SET intro_time = NULL, intro_body = NULL, intro_signature = NULL
            WHERE id = ?
            """)
        update.bind(1, row)
        try update.run()
    }
}
