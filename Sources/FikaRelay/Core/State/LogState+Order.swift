import FikaCRDT
import FikaLog
import FikaSync

extension LogState {
    /// The running hash at a position; nil where the relay has none.
    func running<Log: RelayLog>(at position: UInt64, in log: Log) throws -> Digest? {
        if position == 0 { return RunningHash.start(log: self.log) }
        if position == order.position { return order.running }
        guard position <= order.position, let run = try placedRun(at: position, in: log) else {
            return nil
        }
        let placement = run.placement
        if placement.lastPosition == position { return run.running }
        var start = RunningHash.start(log: self.log)
        if placement.position > 1 {
            guard let before = try placedRun(at: placement.position - 1, in: log) else {
                return nil
            }
            start = before.running
        }
        let last = placement.seq + (position - placement.position)
        return try log.ops(
            of: placement.replica, in: self.log, seqs: placement.seq...last
        ).reduce(start) { RunningHash.next(after: $0, opHash: $1.hash) }
    }

    /// The first bytes of ``running(at:in:)``.
    func runningPrefix<Log: RelayLog>(at position: UInt64, in log: Log) throws -> UInt64? {
        try running(at: position, in: log).map(LogCursor.prefix)
    }

    private func placedRun<Log: RelayLog>(
        at position: UInt64, in log: Log
    ) throws -> PlacedRun? {
        try log.placements(in: self.log, positions: position...position, limit: 1).first
    }

    /// The placements of some positions, cut to them: as many as one frame takes.
    func placements<Log: RelayLog>(
        _ positions: ClosedRange<UInt64>, in log: Log
    ) throws -> [Placement] {
        try log.placements(in: self.log, positions: positions, limit: Limits.placementsMaximum)
            .compactMap { $0.placement.clipped(to: positions) }
    }

    /// Where some ops stand, by rising position.
    func placements<Log: RelayLog>(
        of ranges: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)], in log: Log
    ) throws -> [Placement] {
        try ranges.flatMap {
            try log.placements(of: $0.replica, in: self.log, seqs: $0.seqs)
        }.sorted { $0.position < $1.position }
    }
}
