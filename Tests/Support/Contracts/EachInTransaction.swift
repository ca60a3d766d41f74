import FikaSimulation
package import FikaCRDT
package import FikaLog
package import FikaRelay

/// A relay's log as an ``OpLog`` that runs each write in a transaction of its own.
package struct EachInTransaction<Log: RelayLog>: OpLog {
    package typealias Failure = any Error

    package static func contradiction(_ what: String) -> any Error { Log.contradiction(what) }

    private var log: Log

    package init(_ log: Log) {
        self.log = log
    }

    package func logs() throws -> [LogID] { try log.logs() }

    package func replicas(of log: LogID) throws -> [ReplicaID] { try self.log.replicas(of: log) }

    package func card(of replica: ReplicaID, in log: LogID) throws -> Card? {
        try self.log.card(of: replica, in: log)
    }

    package func have(of replica: ReplicaID, in log: LogID) throws -> ReplicaHave {
        try self.log.have(of: replica, in: log)
    }

    package func seals(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [HeldSeal] {
        try self.log.seals(of: replica, in: log, seqs: seqs)
    }

    package func ops(
        of replica: ReplicaID, in log: LogID, seqs: ClosedRange<UInt64>
    ) throws -> [Op] {
        try self.log.ops(of: replica, in: log, seqs: seqs)
    }

    package mutating func append(_ segment: VerifiedSegment) throws -> AppendReport {
        try log.transaction { try $0.append(segment) }
    }

    package mutating func erase(_ id: OpID, residue: [UInt8]) throws {
        try log.transaction { try $0.erase(id, residue: residue) }
    }
}
