import FikaCRDT
import FikaLog

/// Stores what a device hands over; of a log that is not held only once its user may read it (P3).
///
/// That shows when enough of it is there. Until then its arrivals are kept here and tried again,
/// each time with twice as much, so that trying costs no more than storing.
struct PeerIntake: Sendable {
    /// More than this is not kept of logs that nothing shows to be readable.
    static let keptBytesMaximum = 16 << 20

    private struct Unheld {
        var segments: [SealedSegment] = []
        var byteCount = 0
        var triedByteCount = 0
    }

    private var unheld: [LogID: Unheld] = [:]

    /// Stores arrivals; returns the logs of which something new is held.
    mutating func store(
        _ arrivals: [Arrival], isLast: Bool, in holder: inout some SyncHolder
    ) throws -> [LogID] {
        var ready: [Arrival] = []
        for arrival in arrivals {
            guard case .ops(let segment, _) = arrival else { continue }
            let log = segment.segment.log
            if try unheld[log] != nil || !isHeld(log, by: holder) {
                unheld[log, default: Unheld()].segments.append(segment)
                unheld[log]?.byteCount += segment.block.count
            } else {
                ready.append(arrival)
            }
        }
        var trying: [LogID] = []
        for log in unheld.keys.sorted() {
            guard let waiting = unheld[log] else { continue }
            guard isLast || waiting.byteCount >= 2 * waiting.triedByteCount else { continue }
            trying.append(log)
            ready += waiting.segments.map { .ops($0, []) }
        }
        try Self.storeBranchless(ready, in: &holder)
        for log in trying { try settle(log, isLast: isLast, in: holder) }
        return Set(ready.compactMap(\.changedLog)).subtracting(unheld.keys).sorted()
    }

    private mutating func settle(
        _ log: LogID, isLast: Bool, in holder: some SyncHolder
    ) throws {
        let waiting = unheld[log]?.byteCount ?? 0
        if try isLast || isHeld(log, by: holder) || waiting > Self.keptBytesMaximum {
            unheld[log] = nil
        } else {
            unheld[log]?.triedByteCount = waiting
        }
    }

    private func isHeld(_ log: LogID, by holder: some SyncHolder) throws -> Bool {
        try !holder.haves(of: log).replicas.isEmpty
    }

    /// Stores what verifies; a second branch of a replica is left out and stops nothing else.
    private static func storeBranchless(
        _ arrivals: [Arrival], in holder: inout some SyncHolder
    ) throws {
        guard !arrivals.isEmpty else { return }
        do {
            try holder.store(arrivals)
        } catch LogError.fork {
            for arrival in arrivals {
                do {
                    try holder.store([arrival])
                } catch LogError.fork {
                    continue
                } catch let error as LogError {
                    throw Violation(.badOps, "\(error)")
                }
            }
        } catch let error as LogError {
            throw Violation(.badOps, "\(error)")
        }
    }
}
