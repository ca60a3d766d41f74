package import FikaCRDT
import FikaLog
package import FikaWire

/// The body of a read mark: what was read of one log (rule M19).
package struct ReadMarkBody: OpBody {
    package let log: LogID
    /// Rising by replica, none twice, at least one; all of them have at most 1024 intervals.
    package let marks: [ReplicaMarks]

    package init(log: LogID, marks: [ReplicaMarks]) {
        precondition(!marks.isEmpty, "a read mark marks something")
        self.log = log
        self.marks = marks.sorted { $0.replica < $1.replica }
        let isRising = zip(self.marks, self.marks.dropFirst())
            .allSatisfy { $0.replica < $1.replica }
        precondition(isRising, "a read mark names no replica twice")
        precondition(marks.allSatisfy { !$0.seqs.isEmpty }, "a replica's marks are not empty")
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        log = try reader.readIdentifier()
        let count = try reader.readCount(limit: Limits.readMarkIntervalsMaximum)
        var budget = Limits.readMarkIntervalsMaximum
        var marks: [ReplicaMarks] = []
        for index in 0..<count {
            let start = reader.offset
            let replica: ReplicaID = try reader.readIdentifier()
            if let last = marks.last, last.replica >= replica {
                throw .unknownValue(offset: start, value: UInt64(index))
            }
            let seqs = try Self.readIntervals(from: &reader, budget: &budget)
            marks.append(ReplicaMarks(replica: replica, seqs: seqs))
        }
        self.marks = marks
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: log.bytes)
        writer.write(varint: UInt64(marks.count))
        for mark in marks {
            writer.write(bytes: mark.replica.bytes)
            writer.write(varint: UInt64(mark.seqs.intervals.count))
            var last: UInt64 = 0
            for interval in mark.seqs.intervals {
                writer.write(varint: interval.lowerBound - last)
                writer.write(varint: interval.upperBound - interval.lowerBound)
                last = interval.upperBound
            }
        }
    }

    private static func readIntervals(
        from reader: inout ByteReader, budget: inout Int
    ) throws(WireError) -> IntervalSet {
        let count = try reader.readCount(limit: budget)
        budget -= count
        var seqs = IntervalSet()
        var last: UInt64 = 0
        for index in 0..<count {
            let start = reader.offset
            let gap = try reader.readVarint()
            // A shorter gap would touch the interval before: two forms of one set.
            guard gap >= (index == 0 ? 1 : 2) else {
                throw .unknownValue(offset: start, value: gap)
            }
            let extent = try reader.readVarint()
            let room = Limits.seqMaximum - last
            guard gap <= room, extent <= room - gap else {
                throw .aboveLimit(
                    offset: start, value: max(gap, extent), limit: Limits.seqMaximum)
            }
            seqs.insert(last + gap...last + gap + extent)
            last += gap + extent
        }
        return seqs
    }
}
