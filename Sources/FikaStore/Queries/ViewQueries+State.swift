package import FikaChat
package import FikaCRDT
package import FikaLog
import GRDB

extension ViewQueries {
    /// All that is shown of a log; of a long one rather ask for its digest.
    package func state(of log: LogID) throws -> LogState {
        var state = try head(of: log)
        try forEachRow(of: log) { state.rows.append($0.row) }
        return state
    }

    /// The timeline digest of a log, a page of rows at a time (rule M25).
    package func digest(of log: LogID) throws -> Digest {
        let head = try head(of: log)
        var digest = StateDigest(
            log: log, kind: head.kind, name: head.name, about: head.about, members: head.members)
        try forEachRow(of: log) { digest.add($0.row) }
        return digest.finalize()
    }

    /// The digests of all logs of which something is shown, rising by log.
    package func digests() throws -> [(log: LogID, digest: Digest)] {
        let query = try HotStatement(
            db,
            """
            SELECT log_id FROM room_summary JOIN log ON log.id = room_summary.log
            ORDER BY log_id
            """)
        var logs: [LogID] = []
        while try query.next() {
            if let log = LogID(bytes: query.bytes(0)) { logs.append(log) }
        }
        return try logs.map { ($0, try digest(of: $0)) }
    }

    /// What became of an op that does not count as itself; nil for all others.
    ///
    /// Of one that was set aside the reason of the close, which its author is shown.
    package func outcome(
        of log: LogID, _ dot: Dot
    ) throws -> (outcome: Outcome, reason: CloseReason?)? {
        guard let logRow = try catalog.row(of: log, db),
            let replica = try catalog.row(of: dot.replica, log: logRow, db)
        else { return nil }
        let query = try HotStatement(db, "SELECT state, reason FROM outcome WHERE op = ?")
        query.bind(1, OpKey(replica: replica, seq: dot.seq).raw)
        guard try query.next(), let outcome = Outcome(rawValue: query.int(0)) else { return nil }
        defer { query.reset() }
        return (outcome, CloseReason(rawValue: UInt8(truncatingIfNeeded: query.int(1))))
    }

    /// Whether an unknown critical kind keeps this version from writing into a log.
    package func isReadOnly(_ log: LogID) throws -> Bool {
        guard let row = try catalog.row(of: log, db) else { return false }
        let query = try HotStatement(db, "SELECT is_read_only FROM room_summary WHERE log = ?")
        query.bind(1, row)
        guard try query.next() else { return false }
        defer { query.reset() }
        return query.int(0) != 0
    }

    /// How many of what there are in a log.
    package func counts(of log: LogID) throws -> LogCounts {
        guard let row = try catalog.row(of: log, db) else { return LogCounts() }
        var counts = LogCounts()
        let query = try HotStatement(
            db,
            """
            SELECT count(*), count(*) FILTER (WHERE kind = 10), count(*) FILTER (WHERE kind = 31),
                count(*) FILTER (WHERE kind = 16), count(*) FILTER (WHERE marks & 1)
            FROM row WHERE log = ?
            """)
        query.bind(1, row)
        if try query.next() {
            counts.rows = Int(query.int(0))
            counts.messages = Int(query.int(1))
            counts.imported = Int(query.int(2))
            counts.polls = Int(query.int(3))
            counts.deleted = Int(query.int(4))
            query.reset()
        }
        counts.reactions = try count(
            "reaction JOIN row ON row.op = reaction.row WHERE is_on AND log = ?", row)
        counts.pins = try count("pin JOIN row ON row.op = pin.row WHERE log = ?", row)
        counts.aliases = try count("alias WHERE log = ?", row)
        for outcome in Outcome.allCases {
            let number = try count(
                "outcome WHERE log = ? AND state = \(outcome.rawValue)", row)
            if number > 0 { counts.outcomes[outcome] = number }
        }
        return counts
    }

    private func count(_ from: String, _ log: Int64) throws -> Int {
        let query = try HotStatement(db, "SELECT count(*) FROM \(from)")
        query.bind(1, log)
        guard try query.next() else { return 0 }
        defer { query.reset() }
        return Int(query.int(0))
    }

    /// What is shown of a log as a whole, without its rows.
    package func head(of log: LogID) throws -> LogState {
        var state = LogState(log: log, kind: .unknown)
        guard let row = try catalog.row(of: log, db) else { return state }
        let query = try HotStatement(
            db, "SELECT kind, name, about FROM room_summary WHERE log = ?")
        query.bind(1, row)
        if try query.next() {
            state.kind = LogKind(stored: query.int(0))
            state.name = query.text(1)
            state.about = query.text(2)
            query.reset()
        }
        state.members = try members(of: log)
        return state
    }
}
