package import FikaCRDT
import FikaChat
package import GRDB

extension StoreWriter {
    /// Gives a log's unsealed ops new stamps once the device knows how wrong its clock is (C3).
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - correction: Milliseconds to add to the device's clock.
    ///   - db: The writing connection, in a transaction.
    /// - Returns: How many ops have a new stamp.
    /// - Throws: A database error; the transaction is then rolled back.
    @discardableResult
    package func restamp(
        _ log: LogID, correction: Int64, _ db: Database
    ) throws -> Int {
        guard let logRow = try catalog.row(of: log, db) else { return 0 }
        let corrected = Self.corrected(environment.now(), by: correction)
        var count = 0
        for replica in try self.log(db).ownReplicas(ofLog: logRow) {
            let rows = try UnsealedTable(db: db).rows(ofReplica: replica).filter {
                // A re-homed op keeps the stamp under which it is known.
                $0.origin == nil
            }
            let times = Restamping.times(
                of: rows.map {
                    UnsealedTime(writtenMilliseconds: $0.writtenAt, held: $0.heldTime)
                }, correction: correction, now: corrected)
            for (row, time) in zip(rows, times) where row.time != time {
                var row = row
                row.time = time
                try UnsealedTable(db: db).replace(row)
                count += 1
            }
        }
        guard count > 0 else { return 0 }
        chains[logRow] = nil
        try views.rebuild(log: logRow, db)
        return count
    }
}
