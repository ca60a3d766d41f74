package import FikaCRDT

/// What an exchange of segments brought.
package struct ExchangeReport: Hashable, Sendable {
    package private(set) var segments = 0
    /// Ops read, new or not.
    package private(set) var ops = 0
    package private(set) var newOps = 0
    /// Logs that were left out, since this user may not read them.
    package var skippedLogs: [LogID] = []

    package init() {}

    package var heldOps: Int { ops - newOps }

    mutating func count(_ ops: Int, new: Int) {
        segments += 1
        self.ops += ops
        newOps += new
    }

    mutating func add(_ other: ExchangeReport) {
        segments += other.segments
        ops += other.ops
        newOps += other.newOps
    }
}
