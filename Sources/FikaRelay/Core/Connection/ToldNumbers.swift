import FikaCRDT

/// Which numbers a connection was told (rule B2): a few bytes for each log.
struct ToldNumbers: Sendable {
    private struct Told {
        var log: LogID
        var replicas = IntervalSet()
    }

    private var logs: [UInt64: Told] = [:]

    /// The log with a number; nil when it was not told.
    func log(_ number: UInt64) -> LogID? { logs[number]?.log }

    func knows(replica number: UInt64, inLog log: UInt64) -> Bool {
        logs[log]?.replicas.contains(number) ?? false
    }

    /// Takes note that numbers are told; gives those of replicas that were not yet, rising, and nil
    /// when nothing is new.
    mutating func tell(_ log: LogID, number: UInt64, replicas: [UInt64]) -> [UInt64]? {
        var told = logs[number] ?? Told(log: log)
        let new = replicas.sorted().filter { !told.replicas.contains($0) }
        guard logs[number] == nil || !new.isEmpty else { return nil }
        for replica in new { told.replicas.insert(replica) }
        logs[number] = told
        return new
    }
}
