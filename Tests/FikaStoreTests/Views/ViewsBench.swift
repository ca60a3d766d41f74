import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB

/// Views over an empty database, fed by hand.
final class ViewsBench {
    let queue: DatabaseQueue
    let catalog = Catalog()
    let source: MemorySource
    let views: Views
    let viewer: UserID

    init(viewer: UserID, trustedRelays: Set<PublicKey> = []) throws {
        queue = try DatabaseQueue()
        try Migrations.migrator.migrate(queue)
        source = MemorySource(catalog: catalog)
        self.viewer = viewer
        views = Views(
            catalog: catalog, source: source, viewer: viewer, trustedRelays: trustedRelays)
    }

    /// Holds ops, puts them into the views, and destroys what is to be destroyed.
    func take(_ ops: [HeldOp], acceptances: [Delivery.Acceptance] = []) throws {
        try queue.write { db in
            var viewOps: [ViewOp] = []
            for op in ops {
                let log = try catalog.makeRow(of: op.op.id.log, db)
                let key = try catalog.key(of: op.op.id.dot, log: log, db)
                try introduce(op.op, key, db)
                source.hold(op, key)
                viewOps.append(source.viewOp(op, key, log: log))
            }
            try views.apply(viewOps, db)
            try views.accept(try acceptances.map { try acceptance($0, db) }, db)
            try erase(db)
        }
    }

    /// Reads on a catalog of its own, as a reader does.
    func read<Value>(_ body: (ViewQueries) throws -> Value) throws -> Value {
        try queue.read { try body(ViewQueries($0)) }
    }

    func rebuild() throws {
        try queue.write { db in
            views.forget()
            try views.rebuildAll(db)
        }
    }

    private func acceptance(
        _ accepted: Delivery.Acceptance, _ db: Database
    ) throws -> Acceptance {
        let log = try catalog.makeRow(of: accepted.id.log, db)
        let key = try catalog.key(of: accepted.id.dot, log: log, db)
        source.accept(key, at: accepted.position)
        return Acceptance(
            first: key, count: 1, position: accepted.position,
            acceptedAt: accepted.position * 1000)
    }

    private func introduce(_ op: Op, _ key: OpKey, _ db: Database) throws {
        guard op.kind == .introduction, key.seq == 1, let body = op.body,
            let introduction = try? Introduction(body: body)
        else { return }
        try db.execute(
            sql: "UPDATE replica SET intro_time = ?, intro_body = ? WHERE id = ?",
            arguments: [Int64(op.time.raw), Data(body), key.replica])
        var entry = try catalog.replica(key.replica, db)
        entry.introduction = introduction
        entry.introductionTime = op.time
        catalog.update(entry)
    }

    private func erase(_ db: Database) throws {
        let keys = try Int64.fetchAll(db, sql: "SELECT op FROM erasure WHERE is_done = 0")
        for raw in keys {
            let key = OpKey(raw: raw)
            source.erase(key, residue: try residue(of: key, db))
        }
        try db.execute(sql: "UPDATE erasure SET is_done = 1")
    }

    private func residue(of key: OpKey, _ db: Database) throws -> [UInt8] {
        let second = OpKey(replica: key.replica, seq: 2)
        guard let op = source.op(key)?.op, op.kind == ChatKind.imported.kind,
            let run = source.op(second)?.op,
            case .importRun(let run)? = try ChatOp.decode(run),
            case .imported(let line)? = try ChatOp.decode(op)
        else { return [] }
        return ImportKey(log: op.id.log, run: run, time: op.time, line).residue
    }
}
