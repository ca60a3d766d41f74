/// Names one op for life: its log, its replica and its place among that replica's ops.
package struct OpID: Hashable, Sendable, BitwiseCopyable {
    package let log: LogID
    package let dot: Dot

    package init(log: LogID, dot: Dot) {
        self.log = log
        self.dot = dot
    }

    package init(log: LogID, replica: ReplicaID, seq: UInt64) {
        self.init(log: log, dot: Dot(replica: replica, seq: seq))
    }
}

extension OpID: CustomStringConvertible {
    /// `log/replica:seq`, log and replica in hexadecimal.
    package var description: String { "\(log)/\(dot)" }

    /// Reads `log/replica:seq`; nil for anything else, a sign or leading zeros included.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let log = LogID(parts[0]) else { return nil }
        let dot = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        guard dot.count == 2, let replica = ReplicaID(dot[0]), let seq = UInt64(dot[1]), seq > 0,
            dot[1] == String(seq)
        else { return nil }
        self.init(log: log, replica: replica, seq: seq)
    }
}
