package import FikaChat
package import FikaCRDT
package import FikaLog
import FikaStore
import FikaSync
import GRDB

extension DiskStore: SimulatedStore {
    package func setClock(_ wall: UInt64) {
        environment.setClock(wall)
    }

    package func makeRoom(_ name: String) throws -> OpID {
        let nonce = (0..<16).map { _ in UInt8(truncatingIfNeeded: environment.next()) }
        let log = Hashes.roomLogID(creator: key.publicKey, nonce: nonce)
        let creation = Creation(
            kind: .room, workspace: workspace, nonce: nonce, name: name, about: "")
        let id = try write(
            .create, target: nil, body: creation.body, in: log, preimage: nil)
        guard let id else { preconditionFailure("nothing can be folded with a new room") }
        return id
    }

    package func write(
        _ kind: ChatKind, target: Dot?, body: [UInt8], in log: LogID, preimage: LogPreimage?
    ) throws -> OpID? {
        try commit { store in
            try store.write { writer, db in
                if let preimage { _ = try writer.prepare(preimage, db) }
                let draft = OpDraft(kind, target: target, body: body)
                return try writer.write([draft], to: log, db)[0]
            }
        }
    }

    package func allLogs() throws -> [LogID] {
        try use { try $0.read { try LogInspector($0).logIDs() } }
    }

    package func sealedLogs() throws -> [LogID] {
        try use { store in
            try store.read { db in
                let query = try HotStatement(
                    db,
                    """
                    SELECT DISTINCT log_id FROM segment JOIN log ON log.id = segment.log
                    ORDER BY log_id
                    """)
                var logs: [LogID] = []
                while try query.next() {
                    if let log = LogID(bytes: query.bytes(0)) { logs.append(log) }
                }
                return logs
            }
        }
    }

    package func ops(of log: LogID) throws -> [HeldOp] {
        try use { store in
            try store.read { db in
                var ops: [HeldOp] = []
                try LogInspector(db).forEachOp(of: log) { op in
                    ops.append(HeldOp(op: op.op, position: op.position))
                    return true
                }
                return ops
            }
        }
    }

    package func access(to log: LogID) throws -> AccessHistory {
        try use { try $0.read { try AccessInspector($0).history(of: log) } }
    }

    package func cursor(of log: LogID) throws -> FikaLog.Cursor? {
        try use { store in
            try store.read { try SyncQueries($0).cursors().first { $0.log == log }?.cursor }
        }
    }

    package func kept() throws -> [Op] {
        try use { store in
            try store.read { db in
                let query = OutboxQuery(db)
                return try query.items().filter { $0.entry.state != .queued }
                    .flatMap { try query.ops(ofItem: $0.first) ?? [] }
            }
        }
    }

    package func emptied(in log: LogID) throws -> [OpID] {
        try ops(of: log).map(\.op).filter { $0.kind == .void }.map(\.id)
    }

    package func unsent() throws -> String? {
        try use { store in
            try store.read { db in
                let unsealed = try SyncQueries(db).unsealedLogs()
                if let log = unsealed.first { return "something unsealed in \(log)" }
                let ranges = try SyncQueries(db).pending()
                return ranges.isEmpty ? nil : "\(ranges.count) ranges to send, \(ranges[0])"
            }
        }
    }

    package var refusalCount: Int? { nil }
}
