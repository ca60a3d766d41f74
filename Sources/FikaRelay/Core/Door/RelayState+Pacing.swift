import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Counts ops that a connection's user hands in; after how long to try again when they are too
    /// many too fast (rule U4).
    mutating func pause(handingIn count: UInt64, on id: ConnectionID) -> UInt64? {
        guard let reader = connections[id]?.reader else { return nil }
        var rate =
            rates[reader]
            ?? DoorRate(perSecond: settings.opsPerSecond, atOnce: settings.opsAtOnce, now: now)
        defer { rates[reader] = rate }
        return rate.take(count, now: now)
    }

    /// The answer to ops that come too fast.
    mutating func wait<Log: RelayLog>(
        _ pause: UInt64, _ id: LogID, _ dot: Dot, _ group: GroupMemory,
        on connection: ConnectionID, _ log: Log
    ) throws -> Refusal {
        let place = try logs.state(of: id, from: log)
        var refusal = missing(dot, in: id, place, group, on: connection)
        refusal.action = .wait
        refusal.seq = dot.seq
        refusal.retryAfter = min(pause, Limits.retryMillisecondsMaximum)
        return refusal
    }

    /// Forgets the users who handed in nothing lately.
    mutating func forgetRates() {
        rates = rates.filter { !$0.value.isFull(now: now) }
    }
}
