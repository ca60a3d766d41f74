package import FikaChat
package import FikaCRDT
import FikaLog
package import GRDB

/// Folds who may what anew from the ops of a log, beside the views.
package struct AccessInspector {
    private let db: Database

    package init(_ db: Database) {
        self.db = db
    }

    /// Who may what in a log, under all ops that are held.
    package func history(of log: LogID) throws -> AccessHistory {
        let inspector = LogInspector(db)
        let catalog = Catalog()
        var ops: [AccessOp] = []
        try inspector.forEachOp(of: log) { inspected in
            guard KindFlags(of: inspected.op.kind).contains(.access),
                let content = try? ChatOp.decode(inspected.op),
                let row = try catalog.row(of: log, db),
                let replica = try catalog.row(of: inspected.op.id.dot.replica, log: row, db),
                let introduction = try catalog.replica(replica, db).introduction
            else { return true }
            ops.append(
                AccessOp(
                    point: inspected.point, dot: inspected.op.id.dot,
                    author: AccessAuthor(introduction), content: content))
            return true
        }
        return AccessFold(log: log, preimage: try inspector.listing(of: log)?.preimage)
            .history(of: ops)
    }
}

extension InspectedOp {
    /// Where the op is judged.
    package var point: AccessPoint {
        position.map { .accepted($0) } ?? .pending(op.stamp)
    }
}
