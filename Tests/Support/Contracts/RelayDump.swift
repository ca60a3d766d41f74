import FikaSimulation
import FikaCRDT
package import FikaLog
package import FikaRelay

/// All that a relay's log knows of its orders, for comparing whole states.
package struct RelayDump: Hashable, Sendable {
    package var epoch: Epoch?
    package var orders: [LogOrder]
    package var replicas: [[AcceptedReplica]]
    package var placements: [[PlacedRun]]
    package var early: [[EarlyOp]]
    package var ops: [[Op]]

    package init<Log: RelayLog>(of log: Log) throws(Log.Failure) {
        epoch = try log.epoch()
        orders = try log.orders()
        replicas = []
        placements = []
        early = []
        ops = []
        for order in orders {
            let id = order.log
            replicas.append(try log.acceptedReplicas(of: id))
            placements.append(
                try log.placements(in: id, positions: 1...UInt64(Int64.max), limit: .max))
            early.append(try log.early(in: id, after: 0, limit: .max))
            var held: [Op] = []
            for replica in try log.replicas(of: id) {
                held += try log.ops(of: replica, in: id, seqs: 1...Limits.seqMaximum)
            }
            ops.append(held)
        }
    }
}
