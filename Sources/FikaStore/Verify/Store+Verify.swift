package import FikaCRDT
import GRDB

extension Store {
    /// Verifies all that is stored: hashes, chains and seals of every log, and the views against a
    /// rebuild.
    ///
    /// It reads on snapshots, so that writing goes on meanwhile. `progress` is told now and then
    /// how many ops were verified.
    package func verify(
        _ logs: [LogID]? = nil, progress: @escaping (Int) -> Void = { _ in }
    ) throws -> VerifyReport {
        let made = try read { try SchemaAudit.problems($0, madeBy: Migrations.migrator) }
        guard made.isEmpty else {
            // No question can be asked of tables that are not what they were.
            var report = VerifyReport()
            report.problems = made.map { StoreProblem(what: $0) }
            return report
        }
        var report = try read { db in
            var report = VerifyReport()
            let inspector = LogInspector(db)
            let all = try inspector.logIDs()
            for log in logs ?? all {
                try LogAudit.run(log, db, into: &report, progress: progress)
            }
            report.erasuresPending =
                try Int.fetchOne(db, sql: "SELECT count(*) FROM erasure WHERE is_done = 0") ?? 0
            report.erasuresDone =
                try Int.fetchOne(db, sql: "SELECT count(*) FROM erasure WHERE is_done = 1") ?? 0
            return report
        }
        report.problems += try ViewAudit.differences(of: self)
        return report
    }
}
