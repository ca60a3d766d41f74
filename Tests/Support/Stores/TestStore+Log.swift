package import FikaCRDT
package import FikaLog
import FikaStore

extension TestStore {
    /// All ops of a log, as the store lists them.
    package func ops(of log: LogID) throws -> [Op] {
        try store.read { db in
            var ops: [Op] = []
            try LogInspector(db).forEachOp(of: log) { op in
                ops.append(op.op)
                return true
            }
            return ops
        }
    }

    /// The replica as which the store writes in a log; nil where it writes as none.
    package func currentReplica(of log: LogID) throws -> ReplicaID? {
        try store.read { db in
            try LogInspector(db).listing(of: log)?.replicas.first { $0.own == .current }?.replica
        }
    }
}
