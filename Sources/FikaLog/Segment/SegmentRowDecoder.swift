import FikaCRDT
import FikaWire

/// Reads the rows of a segment: the mirror of ``SegmentBuilder``.
struct SegmentRowDecoder {
    private let runs: [SegmentRun]
    private let replicas: [ReplicaID]
    private let opCount: Int
    private(set) var bodies: [UInt8] = []
    private(set) var rows: [SegmentRow] = []
    private(set) var origins: [Origin] = []
    private(set) var erasedHashes: [Digest] = []

    /// By run: how many of its ops were read; by replica index: the latest seq named.
    private var read: [UInt64]
    private var latestSeq: [UInt64]
    private var previousRun = -1
    private var previousTime = HybridTime.zero
    private var bodiesCount = 0
    private var bodyOffset = 0

    /// Prepares for the rows of these runs; there is at least one replica.
    init(runs: [SegmentRun], replicas: [ReplicaID], opCount: Int) {
        self.runs = runs
        self.replicas = replicas
        self.opCount = opCount
        read = Array(repeating: 0, count: runs.count)
        latestSeq = Array(repeating: 0, count: replicas.count)
    }

    /// Decodes all rows: `headCount` of the bytes are heads, the rest are bodies.
    mutating func decode(_ raw: consuming [UInt8], headCount: Int) throws(WireError) {
        bodiesCount = raw.count - headCount
        rows.reserveCapacity(opCount)
        try decodeHeads(in: raw, count: headCount)
        guard bodyOffset == bodiesCount else {
            throw .trailingBytes(offset: headCount + bodyOffset)
        }
        // In place: a small frame may give much, and all of it must not be there twice.
        raw.removeSubrange(..<headCount)
        bodies = raw
    }

    private mutating func decodeHeads(in raw: borrowing [UInt8], count: Int) throws(WireError) {
        var all = unsafe ByteReader(raw.span.bytes)
        var heads = try all.take(count)
        for _ in 0..<opCount { try decodeRow(from: &heads) }
        try heads.expectEnd()
    }

    /// Reads the block of salts, one for each salted row.
    mutating func readSalts(from reader: inout ByteReader) throws(WireError) {
        for index in rows.indices where rows[index].isSalted {
            rows[index].salt = Salt(raw: try reader.readFixed64())
        }
    }

    private mutating func decodeRow(from reader: inout ByteReader) throws(WireError) {
        let kind = Kind(UInt16(try reader.readVarint(limit: Int(UInt16.max))))
        let flagsOffset = reader.offset
        let flags = RowFlags(rawValue: try reader.readByte())
        guard flags.isSubset(of: .all), !flags.isSuperset(of: [.isSalted, .isErased]),
            flags.contains(.hasTime) || !flags.contains(.hasCounter)
        else {
            throw .unknownValue(offset: flagsOffset, value: UInt64(flags.rawValue))
        }
        let (run, seq) = try readRun(flags: flags, from: &reader)
        let time = try readTime(flags: flags, from: &reader)
        let target = flags.contains(.hasTarget) ? try readReference(from: &reader) : (-1, 0)
        let origin = flags.contains(.hasOrigin) ? try readOrigin(from: &reader) : -1
        var erasure: Int32 = -1
        if flags.contains(.isErased) {
            erasure = Int32(erasedHashes.count)
            erasedHashes.append(try reader.readDigest())
        }
        let limit = erasure < 0 ? Limits.bodyBytesMaximum : Limits.residueBytesMaximum
        let offset = reader.offset
        let bodyCount = try reader.readVarint(limit: limit)
        guard bodyCount <= bodiesCount - bodyOffset else {
            throw .truncated(offset: offset)
        }
        rows.append(
            SegmentRow(
                kind: kind, isSalted: flags.contains(.isSalted), run: Int32(run), seq: seq,
                time: time, targetReplica: Int32(target.0), targetSeq: target.1, origin: origin,
                erasure: erasure, bodyStart: Int32(bodyOffset), bodyCount: Int32(bodyCount),
                salt: Salt(raw: 0)))
        bodyOffset += bodyCount
        previousRun = run
        previousTime = time
    }

    private mutating func readRun(
        flags: RowFlags, from reader: inout ByteReader
    ) throws(WireError) -> (Int, UInt64) {
        let start = reader.offset
        let changes = flags.contains(.runChanges)
        let run = changes ? try reader.readVarint(limit: runs.count - 1) : previousRun
        guard run >= 0, read[run] < runs[run].count, run != previousRun || !changes else {
            throw .unknownValue(offset: start, value: UInt64(flags.rawValue))
        }
        let seq = runs[run].first + read[run]
        read[run] += 1
        latestSeq[Int(runs[run].replica)] = seq
        return (run, seq)
    }

    private func readTime(
        flags: RowFlags, from reader: inout ByteReader
    ) throws(WireError) -> HybridTime {
        let start = reader.offset
        guard flags.contains(.hasTime) else {
            let time = HybridTime(raw: previousTime.raw &+ 1)
            guard time.isWellFormed else {
                throw .unknownValue(offset: start, value: time.raw)
            }
            return time
        }
        let step = try reader.readZigzag()
        let sum = Int64(previousTime.milliseconds).addingReportingOverflow(step)
        let counter =
            flags.contains(.hasCounter) ? try reader.readVarint(limit: Int(UInt16.max)) : 0
        guard !sum.overflow, sum.partialValue >= 0,
            sum.partialValue <= Int64(HybridTime.millisecondsMaximum),
            counter > 0 || !flags.contains(.hasCounter)
        else { throw .unknownValue(offset: start, value: UInt64(bitPattern: step)) }
        let time = HybridTime(
            milliseconds: UInt64(sum.partialValue), counter: UInt16(counter))
        // One tick after the row before is written as no time at all.
        guard time.raw != previousTime.raw &+ 1 else {
            throw .unknownValue(offset: start, value: UInt64(bitPattern: step))
        }
        return time
    }

    private mutating func readReference(
        from reader: inout ByteReader
    ) throws(WireError) -> (Int, UInt64) {
        let start = reader.offset
        let replica = try reader.readVarint(limit: replicas.count - 1)
        let back = try reader.readZigzag()
        let seq = Int64(latestSeq[replica]).subtractingReportingOverflow(back)
        guard !seq.overflow, seq.partialValue >= 1,
            UInt64(seq.partialValue) <= Limits.seqMaximum
        else { throw .unknownValue(offset: start, value: UInt64(bitPattern: back)) }
        latestSeq[replica] = max(latestSeq[replica], UInt64(seq.partialValue))
        return (replica, UInt64(seq.partialValue))
    }

    private mutating func readOrigin(from reader: inout ByteReader) throws(WireError) -> Int32 {
        let (replica, seq) = try readReference(from: &reader)
        origins.append(
            Origin(
                dot: Dot(replica: replicas[replica], seq: seq), bodyHash: try reader.readDigest()))
        return Int32(origins.count - 1)
    }
}
