package import FikaCRDT

/// The numbers that a relay has told on one connection, at the end that was told (rule Y3).
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
}

extension NameTable: Naming {
    package func number(of log: LogID) -> UInt64? { numbers[log] }

    package func number(of replica: ReplicaID, in log: LogID) -> UInt64? {
        replicaNumbers[log]?[replica]
    }

    package func log(numbered number: UInt64) -> LogID? { logs[number] }

    package func replica(numbered number: UInt64, in log: LogID) -> ReplicaID? {
        replicas[log]?[number]
    }
}
