package import FikaCRDT

/// Asks for the newest ops of a log whose stamps are before a time.
package struct PageRequest: Hashable, Sendable {
    /// Chosen by who asks; the answer ends with `done` of it.
    package var request: UInt64
    package var log: LogID
    package var before: HybridTime
    /// Ops, 1 to 1024.
    package var limit: UInt64

    package init(request: UInt64, log: LogID, before: HybridTime, limit: UInt64) {
        self.request = request
        self.log = log
        self.before = before
        self.limit = limit
    }
}

/// Asks for ops of one replica.
package struct OpsRequest: Hashable, Sendable {
    package var request: UInt64
    package var log: LogID
    package var replica: ReplicaID
    /// Rising, none touching the next; at most 1024.
    package var seqs: [ClosedRange<UInt64>]

    package init(request: UInt64, log: LogID, replica: ReplicaID, seqs: [ClosedRange<UInt64>]) {
        self.request = request
        self.log = log
        self.replica = replica
        self.seqs = seqs
    }
}

/// Asks which ops stand at some positions.
package struct PositionsRequest: Hashable, Sendable {
    package var request: UInt64
    package var log: LogID
    package var positions: ClosedRange<UInt64>

    package init(request: UInt64, log: LogID, positions: ClosedRange<UInt64>) {
        self.request = request
        self.log = log
        self.positions = positions
    }
}
