import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB

/// A store that holds two replicas of one log, with a gap, a tail and an erased op.
struct HeldStore {
    let test: TestStore
    let first: TestReplica
    let second: TestReplica
    let log: LogID

    init(seed: UInt64 = 1) throws {
        test = try TestStore(user: "emma", seed: seed)
        var first = TestReplica(seed: seed &+ 7, log: logNumbered(1))
        first.write(upTo: 240)
        var second = TestReplica(seed: seed &+ 8, log: first.log, user: "omid")
        second.write(upTo: 70)
        self.first = first
        self.second = second
        log = first.log
        let segments = [
            first.segment(1...40), second.segment(1...70, erasing: [9]),
            first.segment(200...230, sealedAt: 240), first.segment(41...150),
        ]
        for segment in segments { try apply(segment) }
    }

    private func apply(_ segment: SealedSegment) throws {
        try test.store.write { writer, db in _ = try writer.apply(segment, db) }
    }

    /// Changes the tables in a transaction that is then rolled back; gives what is found meanwhile.
    func damaged<Value>(
        _ change: (Database) throws -> Void, _ body: (Database) throws -> Value
    ) throws -> Value {
        try test.store.pool.writeWithoutTransaction { db in
            try db.beginTransaction()
            defer { try? db.rollback() }
            try change(db)
            return try body(db)
        }
    }

    /// What an audit finds after a change.
    func problems(after change: (Database) throws -> Void) throws -> [StoreProblem] {
        try damaged(change) { db in
            var report = VerifyReport()
            try LogAudit.run(log, db, into: &report, progress: { _ in })
            return report.problems
        }
    }

    func problems(after sql: String) throws -> [StoreProblem] {
        try problems { try $0.execute(sql: sql) }
    }
}

extension Database {
    /// Writes a stored segment anew with one op's body changed; nothing else gives it away.
    func forgeBody(of dot: Dot) throws {
        let rows = try Row.fetchAll(self, sql: "SELECT id, block FROM segment")
        for row in rows {
            let id: Int64 = row["id"]
            let segment = try Segment(block: [UInt8](row["block"] as Data))
            guard segment.rows.contains(where: { segment.dot($0) == dot }) else { continue }
            var builder = SegmentBuilder(log: segment.log)
            for var op in segment.ops {
                if op.id.dot == dot, case .body(var body, let salt) = op.content {
                    body[body.count - 1] ^= 1
                    op.content = .body(body, salt: salt)
                }
                builder.append(op)
            }
            try execute(
                sql: "UPDATE segment SET block = ? WHERE id = ?",
                arguments: [Data(builder.block()), id])
            return
        }
        throw StoreError.damaged("no segment holds \(dot)")
    }
}
