package import FikaCRDT

/// Which numbers stand for logs and replicas on a connection (rules B2 and Y3): those that one end
/// gives, or that the other was told.
package protocol Naming {
    /// The number of a log, nil when it has none that both ends know.
    func number(of log: LogID) -> UInt64?

    /// The number of a replica in a log, nil when it has none that both ends know.
    func number(of replica: ReplicaID, in log: LogID) -> UInt64?

    /// The log that a number stands for, nil when it was never told.
    func log(numbered number: UInt64) -> LogID?

    /// The replica that a number stands for in a log, nil when it was never told.
    func replica(numbered number: UInt64, in log: LogID) -> ReplicaID?
}

extension Naming {
    /// The shortest name of a log.
    package func name(of log: LogID) -> ShortName<LogSubject> {
        number(of: log).map { .number($0) } ?? .id(log)
    }

    /// The shortest name of a replica in a log.
    package func name(of replica: ReplicaID, in log: LogID) -> ShortName<ReplicaSubject> {
        number(of: replica, in: log).map { .number($0) } ?? .id(replica)
    }

    /// The log that is named; nil for a number that was never told.
    package func log(_ name: ShortName<LogSubject>) -> LogID? {
        switch name {
        case .number(let number): log(numbered: number)
        case .id(let id): id
        }
    }

    /// The replica that is named; nil for a number that was never told.
    package func replica(_ name: ShortName<ReplicaSubject>, in log: LogID) -> ReplicaID? {
        switch name {
        case .number(let number): replica(numbered: number, in: log)
        case .id(let id): id
        }
    }
}
