package import FikaCRDT
package import FikaLog

/// What a holder has of a log, where no cursor serves.
package struct Haves: Hashable, Sendable {
    package var log: LogID
    /// The longest head that the holder has of a relay, so that its order is taken over (rule S4).
    package var head: Head?
    /// By rising replica.
    package var replicas: [ReplicaIntervals]

    package struct ReplicaIntervals: Hashable, Sendable {
        package var replica: ReplicaID
        /// Rising, none touching the next; at least one.
        package var intervals: [Interval]

        package init(replica: ReplicaID, intervals: [Interval]) {
            self.replica = replica
            self.intervals = intervals
        }
    }

    /// A range of seqs with the chain value at its end.
    package struct Interval: Hashable, Sendable {
        package var seqs: ClosedRange<UInt64>
        package var end: Digest

        package init(seqs: ClosedRange<UInt64>, end: Digest) {
            self.seqs = seqs
            self.end = end
        }
    }

    package init(log: LogID, head: Head?, replicas: [ReplicaIntervals]) {
        self.log = log
        self.head = head
        self.replicas = replicas
    }
}
