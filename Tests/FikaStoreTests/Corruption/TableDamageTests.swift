import FikaSimulation
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Testing

/// Any stored value becomes any other: nothing traps, and no changed log passes for a true one.
@Suite struct TableDamageTests {
    private static let tables = ["log", "replica", "have", "seal", "segment", "segment_run"]

    @Test func `a changed value is found, or the log is as it was`() throws {
        let held = try HeldStore()
        let before = try held.damaged({ _ in }, { try read($0) })
        let columns = try held.test.store.read { db in
            try Self.tables.flatMap { table in
                try db.columns(in: table).map { (table, $0.name) }
            }
        }
        var found = 0
        forAll(count: 600) { generator in
            let (table, column) = generator.pick(columns)
            let rows = try held.test.store.read { db in
                try Row.fetchAll(db, sql: "SELECT * FROM \(table)")
            }
            let row = generator.pick(rows)
            let old: DatabaseValue = row[column]
            let new = Self.changed(old, using: &generator)
            let verdict: Verdict? = try held.damaged(
                { db in try? Self.update(table, column, of: row, to: new, db) },
                { db in
                    let isGood = try? audit(db).isEmpty
                    return Verdict(isGood: isGood == true, dump: try? read(db))
                })
            guard let verdict else { return }
            found += verdict.isGood ? 0 : 1
            if verdict.isGood, let dump = verdict.dump {
                let isSame = dump.withoutSeals == before.withoutSeals
                #expect(isSame, "\(table).\(column): \(old) -> \(new)")
            }
        }
        #expect(found > 0)
    }

    /// The crash harness flipped a bit in a relay's seals, and `fikad` ended with a trap.
    @Test func `what is to be handed on and has no seal is damaged, and traps nobody`() throws {
        let held = try HeldStore()
        #expect {
            try held.damaged({ try $0.execute(sql: "DELETE FROM seal") }) { db in
                let log = SQLiteLog(db, catalog: Catalog(), reader: SegmentReader())
                var exporter = try SegmentExporter(held.log, of: log)
                while try exporter.next() != nil {}
            }
        } throws: {
            guard case StoreError.damaged = $0 else { return false }
            return true
        }
    }

    private struct Verdict {
        let isGood: Bool
        let dump: LogDump?
    }

    private func audit(_ db: Database) throws -> [StoreProblem] {
        var report = VerifyReport()
        for log in try LogInspector(db).logIDs() {
            try LogAudit.run(log, db, into: &report, progress: { _ in })
        }
        return report.problems
    }

    /// Reads all that the log gives, in all ways that it is read.
    private func read(_ db: Database) throws -> LogDump {
        let inspector = LogInspector(db)
        for listing in try inspector.logs() {
            try inspector.forEachOp(of: listing.log) { _ in true }
        }
        let dump = try LogDump(
            of: SQLiteLog(db, catalog: Catalog(), reader: SegmentReader()))
        guard !dump.replicas.isEmpty else { throw StoreError.damaged("it holds nothing") }
        return dump
    }

    private static func update(
        _ table: String, _ column: String, of row: Row, to new: DatabaseValue, _ db: Database
    ) throws {
        let keys = try db.primaryKey(table).columns
        let place = keys.map { "\($0) = ?" }.joined(separator: " AND ")
        let values = [new] + keys.map { row[$0] as DatabaseValue }
        try db.execute(
            sql: "UPDATE \(table) SET \(column) = ? WHERE \(place)",
            arguments: StatementArguments(values))
    }

    private static func changed(
        _ value: DatabaseValue, using generator: inout SplitMix64
    ) -> DatabaseValue {
        switch value.storage {
        case .int64(let number):
            let others: [Int64] = [
                0, 1, -1, number &+ 1, number &- 1, .max, .min, 1 << 32, 1 << 33,
                Int64(bitPattern: generator.next()),
            ]
            return generator.pick(others).databaseValue
        case .blob(let data):
            return Data(generator.damaged(Array(data))).databaseValue
        case .null, .double, .string:
            return Data(generator.bytes(count: 0...70)).databaseValue
        }
    }
}

extension LogDump {
    /// A seal that later ones make superfluous may go without harm.
    fileprivate var withoutSeals: LogDump {
        LogDump(
            replicas: replicas.map { replica in
                var replica = replica
                replica.seals = []
                return replica
            })
    }
}
