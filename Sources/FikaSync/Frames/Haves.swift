package import FikaCRDT
package import FikaLog
package import FikaWire

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

extension Haves: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        let log: LogID = try reader.readIdentifier()
        let head = try reader.readBool() ? try Head(of: log, from: &reader) : nil
        let count = try reader.readVarint(limit: Limits.havesReplicasMaximum)
        try reader.expectRoom(for: count, of: ReplicaIntervals.leastByteCount)
        var replicas: [ReplicaIntervals] = []
        replicas.reserveCapacity(count)
        var budget = Limits.havesIntervalsMaximum
        for _ in 0..<count {
            let start = reader.offset
            let next = try ReplicaIntervals(from: &reader, budget: &budget)
            if let last = replicas.last, last.replica >= next.replica {
                throw .unknownValue(offset: start, value: next.replica.high)
            }
            replicas.append(next)
        }
        self.init(log: log, head: head, replicas: replicas)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(bool: head != nil)
        head?.encodeAfterLog(to: &writer)
        writer.write(varint: UInt64(replicas.count))
        for replica in replicas { replica.encode(to: &writer) }
    }
}

extension Haves.ReplicaIntervals {
    /// A replica and one interval.
    fileprivate static let leastByteCount = 51

    fileprivate init(
        from reader: inout ByteReader, budget: inout Int
    ) throws(WireError) {
        replica = try reader.readIdentifier()
        let count = try reader.readCount(limit: budget)
        budget -= count
        try reader.expectRoom(for: count, of: 34)
        intervals = []
        intervals.reserveCapacity(count)
        var last: UInt64 = 0
        for _ in 0..<count {
            let seqs = try reader.readInterval(after: last)
            last = seqs.upperBound
            intervals.append(Haves.Interval(seqs: seqs, end: try reader.readDigest()))
        }
    }

    fileprivate func encode(to writer: inout ByteWriter) {
        writer.write(bytes: replica.bytes)
        writer.write(varint: UInt64(intervals.count))
        var last: UInt64 = 0
        for interval in intervals {
            writer.write(interval: interval.seqs, after: last)
            writer.write(bytes: interval.end.bytes)
            last = interval.seqs.upperBound
        }
    }
}
