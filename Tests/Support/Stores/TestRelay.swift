package import FikaCRDT
import FikaLog
import FikaStore

/// The relay's part that stores see: one order for each log, told to whoever asks.
///
/// It looks at nothing and refuses nothing.
package final class TestRelay {
    private var order: [LogID: [OpID]] = [:]
    private var positions: [OpID: UInt64] = [:]

    package init() {}

    /// Gives the next positions to what a store has sealed, in the order in which it is stored.
    package func accept(_ log: LogID, of test: TestStore) throws {
        try test.store.read { db in
            try LogInspector(db).forEachOp(of: log) { op in
                if !op.isUnsealed, positions[op.op.id] == nil { accept(op.op.id) }
                return true
            }
        }
    }

    package func accept(_ id: OpID) {
        order[id.log, default: []].append(id)
        positions[id] = UInt64(order[id.log]?.count ?? 0)
    }

    /// Tells a store the positions of what it holds and does not know as accepted.
    package func tell(_ log: LogID, to test: TestStore) throws {
        var news: [OpID] = []
        try test.store.read { db in
            try LogInspector(db).forEachOp(of: log) { op in
                if op.position == nil, positions[op.op.id] != nil { news.append(op.op.id) }
                return true
            }
        }
        try test.accept(news.map { ($0, positions[$0] ?? 0) })
    }
}

extension TestStore {
    /// Takes the word that ops have these positions, in one transaction.
    package func accept(_ news: [(id: OpID, position: UInt64)]) throws {
        let news = news.sorted { $0.position < $1.position }
        try store.write(durability: .normal) { writer, db in
            let acceptances = try news.map { id, position in
                let log = try writer.catalog.makeRow(of: id.log, db)
                return Acceptance(
                    first: try writer.catalog.key(of: id.dot, log: log, db), count: 1,
                    position: position, acceptedAt: 1_767_600_000_000 + position)
            }
            try writer.accept(acceptances, db)
        }
    }
}
