package import FikaCRDT
import FikaLog
package import FikaWire

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

extension PageRequest: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        let request = try reader.readVarint()
        let log: LogID = try reader.readIdentifier()
        let start = reader.offset
        let before = HybridTime(raw: try reader.readFixed64())
        guard before.isWellFormed else {
            throw .unknownValue(offset: start, value: before.raw)
        }
        let limit = try reader.readCount(limit: Limits.pageOpsMaximum)
        self.init(request: request, log: log, before: before, limit: UInt64(limit))
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(varint: request)
        writer.write(bytes: log.bytes)
        writer.write(fixed64: before.raw)
        writer.write(varint: limit)
    }
}

extension OpsRequest: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        let request = try reader.readVarint()
        let log: LogID = try reader.readIdentifier()
        let replica: ReplicaID = try reader.readIdentifier()
        let count = try reader.readCount(limit: Limits.wantRangesMaximum)
        try reader.expectRoom(for: count, of: 2)
        var seqs: [ClosedRange<UInt64>] = []
        seqs.reserveCapacity(count)
        for _ in 0..<count {
            seqs.append(try reader.readInterval(after: seqs.last?.upperBound ?? 0))
        }
        self.init(request: request, log: log, replica: replica, seqs: seqs)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(varint: request)
        writer.write(bytes: log.bytes)
        writer.write(bytes: replica.bytes)
        writer.write(varint: UInt64(seqs.count))
        var last: UInt64 = 0
        for range in seqs {
            writer.write(interval: range, after: last)
            last = range.upperBound
        }
    }
}

extension PositionsRequest: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        let request = try reader.readVarint()
        let log: LogID = try reader.readIdentifier()
        let first = try reader.readPosition()
        let extent = try reader.readVarint(
            maximum: min(
                UInt64(Limits.positionsMaximum) - 1, Limits.positionMaximum - first))
        self.init(request: request, log: log, positions: first...first + extent)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(varint: request)
        writer.write(bytes: log.bytes)
        writer.write(varint: positions.lowerBound)
        writer.write(varint: positions.upperBound - positions.lowerBound)
    }
}
