package import FikaCRDT
import FikaLog

/// Which numbers stand for which logs and replicas on one connection (rules B2 and Y3).
package struct NameTable: Sendable {
    private var logs: [UInt64: LogID] = [:]
    private var numbers: [LogID: UInt64] = [:]
    private var replicas: [LogID: [UInt64: ReplicaID]] = [:]
    private var replicaNumbers: [LogID: [ReplicaID: UInt64]] = [:]

    package init() {}

    /// Takes what was told; false when it contradicts what was told before.
    package mutating func learn(_ names: Names) -> Bool {
        guard names.number >= 1, logs[names.number].map({ $0 == names.log }) ?? true,
            numbers[names.log].map({ $0 == names.number }) ?? true
        else { return false }
        logs[names.number] = names.log
        numbers[names.log] = names.number
        for entry in names.replicas {
            let known = replicas[names.log]?[entry.number]
            let number = replicaNumbers[names.log]?[entry.replica]
            guard entry.number >= 1, known.map({ $0 == entry.replica }) ?? true,
                number.map({ $0 == entry.number }) ?? true
            else { return false }
            replicas[names.log, default: [:]][entry.number] = entry.replica
            replicaNumbers[names.log, default: [:]][entry.replica] = entry.number
        }
        return true
    }

    /// The log that is named; nil for a number that was never told.
    package func log(_ name: ShortName<LogSubject>) -> LogID? {
        switch name {
        case .number(let number): logs[number]
        case .id(let id): id
        }
    }

    package func replica(_ name: ShortName<ReplicaSubject>, in log: LogID) -> ReplicaID? {
        switch name {
        case .number(let number): replicas[log]?[number]
        case .id(let id): id
        }
    }

    /// The shortest name of a log.
    package func name(of log: LogID) -> ShortName<LogSubject> {
        numbers[log].map { .number($0) } ?? .id(log)
    }

    package func name(of replica: ReplicaID, in log: LogID) -> ShortName<ReplicaSubject> {
        replicaNumbers[log]?[replica].map { .number($0) } ?? .id(replica)
    }

    /// The number of a log; nil when none was told.
    package func number(of log: LogID) -> UInt64? { numbers[log] }
}
