import FikaCRDT
import FikaSync

/// What a client may name by number: what it was told.
struct UplinkNames: Naming {
    let told: ToldNumbers
    let place: LogState?

    func number(of log: LogID) -> UInt64? { nil }

    func number(of replica: ReplicaID, in log: LogID) -> UInt64? { nil }

    func log(numbered number: UInt64) -> LogID? { told.log(number) }

    func replica(numbered number: UInt64, in log: LogID) -> ReplicaID? {
        guard let place, place.log == log,
            told.knows(replica: number, inLog: place.order.number)
        else { return nil }
        return place.replicasByNumber[number]
    }
}

/// The numbers that the relay gives in one log, and that of a log that a body names.
struct DownlinkNames: Naming {
    let place: LogState
    var named: (log: LogID, number: UInt64)?

    func number(of log: LogID) -> UInt64? {
        if log == place.log { return place.order.number }
        return named.flatMap { $0.log == log ? $0.number : nil }
    }

    func number(of replica: ReplicaID, in log: LogID) -> UInt64? {
        place.replicas[replica]?.number
    }

    func log(numbered number: UInt64) -> LogID? { nil }

    func replica(numbered number: UInt64, in log: LogID) -> ReplicaID? { nil }
}
