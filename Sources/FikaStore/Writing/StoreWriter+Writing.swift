import FikaChat
package import FikaCRDT
package import FikaLog
import FikaWire
package import GRDB

extension StoreWriter {
    /// Writes own ops, folding what nobody has seen yet (rule O3).
    ///
    /// - Parameters:
    ///   - drafts: What to write, in order.
    ///   - log: Where.
    ///   - db: The writing connection, in a transaction.
    /// - Returns: For each draft the op that now carries it; nil when it was folded away.
    /// - Throws: `StoreError.refused` when a rule says no; nothing is then written.
    package func write(
        _ drafts: [OpDraft], to log: LogID, _ db: Database
    ) throws -> [OpID?] {
        let logRow = try makeReady(log, db)
        return try drafts.map { draft in
            try check(draft, log: logRow, db)
            var chain = try chain(inLog: logRow, db)
            let key = try write(draft, to: &chain, log: logRow, db)
            chains[logRow] = chain
            return try key.map { OpID(log: log, dot: try catalog.dot($0, db)) }
        }
    }

    /// Makes a log with a derived id known, so that its introductions can show the preimage.
    package func prepare(_ preimage: LogPreimage, _ db: Database) throws -> LogID {
        let log = Hashes.derivedLogID(preimage)
        let row = try catalog.makeRow(of: log, db)
        try self.log(db).store(preimage, log: row)
        return log
    }

    /// Gives a log's row, with what it takes to judge an op of this user there.
    func makeReady(_ log: LogID, _ db: Database) throws -> Int64 {
        let row = try catalog.makeRow(of: log, db)
        // Who is in a derived log shows in its introductions, so the own one comes first.
        if try self.log(db).preimage(ofLog: row) != nil { _ = try chain(inLog: row, db) }
        return row
    }

    private func write(
        _ draft: OpDraft, to chain: inout OwnChain, log: Int64, _ db: Database
    ) throws -> OpKey? {
        switch try folding(of: draft, chain: chain, log: log, db) {
        case .append:
            return try append(draft, origin: nil, to: &chain, log: log, db)
        case .replaceBody(let dot):
            let key = try catalog.key(of: dot, log: log, db)
            guard var row = try UnsealedTable(db: db).row(key) else {
                throw StoreError.damaged("unsealed op \(key.raw) is missing")
            }
            row.body = draft.body
            try UnsealedTable(db: db).replace(row)
            try views.replaceBody(row.viewOp(log: log, replica: chain.replica), db)
            return key
        case .void(let dots):
            for dot in dots { try void(dot, log: log, db) }
            if draft.kind == .delete {
                try ScrubTable(db: db).note()
                hasErased = true
            }
            return nil
        case .replace(let dots):
            // A delete takes the place of what was aimed at its row, and says nothing of the kind.
            let isOutdone = draft.kind != .delete
            for dot in dots { try void(dot, log: log, isOutdone: isOutdone, db) }
            return try append(draft, origin: nil, to: &chain, log: log, db)
        }
    }

    /// Empties an unsealed op: its seq stays, nothing of its content ever leaves.
    ///
    /// What it showed is gone already or about to go, unless `isOutdone` says otherwise.
    func void(_ dot: Dot, log: Int64, isOutdone: Bool = true, _ db: Database) throws {
        let key = try catalog.key(of: dot, log: log, db)
        guard var row = try UnsealedTable(db: db).row(key) else {
            throw StoreError.damaged("unsealed op \(key.raw) is missing")
        }
        let before = row.viewOp(log: log, replica: dot.replica)
        row.kind = .void
        row.target = nil
        row.origin = nil
        row.salt = nil
        row.body = []
        try UnsealedTable(db: db).replace(row)
        // Only now: the views may have to be rebuilt from what the log holds.
        try views.void(before, isOutdone: isOutdone, db)
    }

    private func folding(
        of draft: OpDraft, chain: OwnChain, log: Int64, _ db: Database
    ) throws -> FoldDecision {
        guard let target = draft.target else { return .append }
        let key = try catalog.key(of: target, log: log, db)
        var writer = ByteWriter()
        writer.write(dot: target)
        let touching = try UnsealedTable(db: db).rows(
            touching: key, target: writer.bytes, ofReplica: chain.row)
        guard !touching.isEmpty else { return .append }
        let own = try touching.filter { $0.origin == nil }.map { row in
            OwnOp(
                dot: Dot(replica: chain.replica, seq: row.key.seq),
                content: try ChatOp.decode(
                    kind: row.kind, target: row.target, body: row.body))
        }
        return Folding.decide(
            try ChatOp.decode(kind: draft.kind.kind, target: target, body: draft.body),
            unsealed: own)
    }
}
