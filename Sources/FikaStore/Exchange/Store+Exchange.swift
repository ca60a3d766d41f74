package import FikaCRDT
package import FikaLog
import FikaChat
import GRDB

extension Store {
    /// Seals and hands out all ops of the logs, as segments that verify by themselves.
    ///
    /// The seals are on disk before the first segment is given (rule O3). Segments of one log come
    /// one after the other. Throws `StoreError.damaged` before the first segment of a log that
    /// does not verify: changed bytes are never handed on.
    package func exportSegments(
        of logs: [LogID], _ body: (SealedSegment) throws -> Void
    ) throws {
        try seal(logs)
        try read { db in
            let catalog = Catalog()
            let sqlite = SQLiteLog(db, catalog: catalog, reader: SegmentReader())
            for log in logs {
                guard let row = try catalog.row(of: log, db) else { continue }
                var audit = VerifyReport()
                try LogAudit.run(log, db, into: &audit, progress: { _ in })
                if let problem = audit.problems.first { throw StoreError.damaged("\(problem)") }
                let imports = try sqlite.importReplicas(ofLog: row)
                var exporter = try SegmentExporter(log, of: sqlite) { imports.contains($0) }
                while let segment = try exporter.next() { try body(segment) }
            }
        }
    }

    /// Verifies and stores segments that somebody handed over, all or nothing.
    ///
    /// A log that this user may not read is left out (rule F11) and named in the report.
    ///
    /// - Parameters:
    ///   - next: Gives the next segment, nil at the end; those of one log one after the other.
    ///   - progress: Told after each segment how many ops were read.
    /// - Returns: What was stored.
    /// - Throws: What `next` throws, or `LogError` for a segment that does not verify; nothing is
    ///   then stored.
    package func importSegments(
        _ next: () throws -> SealedSegment?, progress: (Int) -> Void
    ) throws -> ExchangeReport {
        try write(durability: .full) { writer, db in
            var report = ExchangeReport()
            var segment = try next()
            while let first = segment {
                let log = first.segment.log
                var part = ExchangeReport()
                var isReadable = false
                try db.inSavepoint {
                    while let current = segment, current.segment.log == log {
                        let new = try writer.apply(current, isFollowed: true, db)
                        part.count(current.segment.rows.count, new: new)
                        progress(report.ops + part.ops)
                        segment = try next()
                    }
                    try writer.settleViews(db)
                    isReadable = try writer.mayRead(log, db)
                    return isReadable ? .commit : .rollback
                }
                if isReadable {
                    report.add(part)
                } else {
                    writer.forget()
                    report.skippedLogs.append(log)
                }
            }
            return report
        }
    }
}
