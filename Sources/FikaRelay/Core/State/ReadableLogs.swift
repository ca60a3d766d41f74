import FikaCRDT
import FikaChat
import FikaLog

/// A log in which a client is behind, and from where on.
struct ChangedLog: Hashable, Sendable {
    var log: LogID
    var from: UInt64
}

/// The logs that a user may read, or once might, with the sum over them (rule R5).
struct ReadableLogs {
    private let reader: Reader
    private let epoch: Epoch
    private var entries: [(membership: LogMembership, order: LogOrder)] = []
    private(set) var sum = SyncSummary()

    init<Log: RelayLog>(of reader: Reader, epoch: Epoch, from log: Log) throws {
        self.reader = reader
        self.epoch = epoch
        for membership in try log.memberships(of: reader.user, in: reader.workspace) {
            guard let order = try log.order(of: membership.log), order.position > 0 else {
                continue
            }
            entries.append((membership, order))
            if membership.isMember { sum.add(order.log, epoch: epoch, cursor: order.cursor) }
        }
    }

    /// All that may be read, from the start.
    var all: [ChangedLog] {
        entries.filter(\.membership.isMember).map { ChangedLog(log: $0.order.log, from: 0) }
    }

    /// The sum as of a time, and what changed since (rule R6).
    func putBack<Log: RelayLog>(
        to time: UInt64, logs: inout LogCache, from log: Log
    ) throws -> (sum: SyncSummary, changes: [ChangedLog]) {
        var sum = sum
        var changes: [ChangedLog] = []
        for (membership, order) in entries
        where order.acceptedAt > time || membership.changedAt > time {
            if membership.isMember { sum.remove(order.log, epoch: epoch, cursor: order.cursor) }
            if let before = try cursor(of: order, at: time, membership, &logs, log) {
                sum.add(order.log, epoch: epoch, cursor: before)
                changes.append(ChangedLog(log: order.log, from: before.position))
            } else if membership.isMember {
                changes.append(ChangedLog(log: order.log, from: 0))
            }
        }
        return (sum, changes)
    }

    /// How far the log was; nil when the user was no member then.
    private func cursor<Log: RelayLog>(
        of order: LogOrder, at time: UInt64, _ membership: LogMembership, _ logs: inout LogCache,
        _ log: Log
    ) throws -> Cursor? {
        guard let last = try log.lastPlacement(in: order.log, acceptedUntil: time) else {
            return nil
        }
        let position = last.placement.lastPosition
        if membership.changedAt <= time {
            guard membership.isMember else { return nil }
        } else {
            let place = try logs.state(of: order.log, from: log)
            let role = place?.history.role(of: reader.user, at: .accepted(position + 1))
            guard role != nil else { return nil }
        }
        return Cursor(position: position, running: last.running)
    }
}

extension LogOrder {
    var cursor: Cursor { Cursor(position: position, running: running) }
}
