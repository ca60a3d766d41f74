package import FikaCRDT

/// One number for the cursors of many logs: equal sums mean that nothing is new.
package struct SyncSummary: Hashable, Sendable {
    /// The sum, modulo 2^128, of ``term(log:epoch:cursor:)``.
    package var sum: UInt128
    package var count: UInt64

    package init(sum: UInt128 = 0, count: UInt64 = 0) {
        self.sum = sum
        self.count = count
    }

    /// Counts a log in.
    package mutating func add(_ log: LogID, epoch: Epoch, cursor: Cursor) {
        sum &+= Self.term(log: log, epoch: epoch, cursor: cursor)
        count += 1
    }

    /// Takes a log out that was counted in.
    package mutating func remove(_ log: LogID, epoch: Epoch, cursor: Cursor) {
        sum &-= Self.term(log: log, epoch: epoch, cursor: cursor)
        count -= 1
    }

    /// What one log adds: the first 16 bytes of a hash.
    package static func term(log: LogID, epoch: Epoch, cursor: Cursor) -> UInt128 {
        var text = HashText(.cursor)
        text.append(log)
        text.append(epoch.raw)
        text.append(cursor.position)
        text.append(cursor.running)
        return text.digest.bytes.prefix(16).reduce(0) { $0 << 8 | UInt128($1) }
    }
}
