package import FikaCRDT
import FikaWire

/// Collects ops of one log and encodes them as the block of a segment.
///
/// Each replica's ops must come in rising seq. The heads come first and the bodies after them, so
/// that texts lie next to texts when they are compressed (measured: half a byte an op).
package struct SegmentBuilder: Sendable {
    package let log: LogID
    package private(set) var runs: [SegmentRun] = []
    package private(set) var replicas: [ReplicaID] = []
    package private(set) var count = 0

    private var indices: [ReplicaID: Int32] = [:]
    /// By replica index: the latest run (-1 without one) and the latest seq named.
    private var latestRun: [Int32] = []
    private var latestSeq: [UInt64] = []
    private var previousRun: Int32 = -1
    private var previousTime = HybridTime.zero
    private var heads = ByteWriter()
    private var bodies: [UInt8] = []
    private var salts: [UInt8] = []

    package init(log: LogID) {
        self.log = log
    }

    /// Whether one more op with such a body keeps the segment within its limits.
    package func hasRoom(forBody byteCount: Int) -> Bool {
        hasRoom(forOps: 1, bodies: byteCount)
    }

    /// Whether so many more ops with so many bytes of bodies keep it within its limits.
    func hasRoom(forOps opCount: Int, bodies byteCount: Int) -> Bool {
        count + opCount <= Limits.segmentOpsMaximum
            && bodies.count + byteCount + (count + opCount) * Limits.headBytesMaximum
                <= Limits.segmentRawBytesMaximum
            && replicas.count + 3 <= Limits.segmentReplicasMaximum
    }

    package mutating func append(_ op: Op) {
        precondition(op.id.log == log, "a segment holds ops of one log")
        switch op.content {
        case .body(let body, let salt):
            append(
                kind: op.kind, dot: op.id.dot, time: op.time, target: op.target,
                origin: op.origin, erasedHash: nil, salt: salt, body: body[...])
        case .erased(let bodyHash, let residue):
            append(
                kind: op.kind, dot: op.id.dot, time: op.time, target: op.target,
                origin: op.origin, erasedHash: bodyHash, salt: nil, body: residue[...])
        }
    }

    /// Appends a row of another segment of the same log.
    package mutating func append(_ row: SegmentRow, of segment: Segment) {
        append(
            kind: row.kind, dot: segment.dot(row), time: row.time, target: segment.target(row),
            origin: segment.origin(row),
            erasedHash: row.isErased ? segment.erasedHashes[Int(row.erasure)] : nil,
            salt: row.isSalted && !row.isErased ? row.salt : nil, body: segment.body(row))
    }

    private mutating func append(
        kind: Kind, dot: Dot, time: HybridTime, target: Dot?, origin: Origin?,
        erasedHash: Digest?, salt: Salt?, body: ArraySlice<UInt8>
    ) {
        precondition(
            (1...Limits.seqMaximum).contains(dot.seq) && time.isWellFormed
                && body.count <= maximum(isErased: erasedHash != nil)
                && count < Limits.segmentOpsMaximum,
            "what is written here keeps to the limits")
        let run = extendRun(of: dot)
        var flags: RowFlags = []
        if run != previousRun { flags.insert(.runChanges) }
        if target != nil { flags.insert(.hasTarget) }
        if origin != nil { flags.insert(.hasOrigin) }
        if salt != nil { flags.insert(.isSalted) }
        if erasedHash != nil { flags.insert(.isErased) }
        if time.raw != previousTime.raw &+ 1 {
            flags.insert(.hasTime)
            if time.counter != 0 { flags.insert(.hasCounter) }
        }
        heads.write(varint: UInt64(kind.number))
        heads.write(byte: flags.rawValue)
        if flags.contains(.runChanges) { heads.write(varint: UInt64(run)) }
        if flags.contains(.hasTime) { writeTime(time) }
        if let target { write(reference: target) }
        if let origin {
            write(reference: origin.dot)
            heads.write(bytes: origin.bodyHash.bytes)
        }
        if let erasedHash { heads.write(bytes: erasedHash.bytes) }
        heads.write(varint: UInt64(body.count))
        bodies.append(contentsOf: body)
        salt?.append(to: &salts)
        previousRun = run
        previousTime = time
        count += 1
    }

    private func maximum(isErased: Bool) -> Int {
        isErased ? Limits.residueBytesMaximum : Limits.bodyBytesMaximum
    }

    private mutating func extendRun(of dot: Dot) -> Int32 {
        let replica = Int(index(of: dot.replica))
        let run = latestRun[replica]
        if run >= 0, runs[Int(run)].last + 1 == dot.seq {
            runs[Int(run)].count += 1
        } else {
            precondition(
                run < 0 || runs[Int(run)].last < dot.seq, "a replica's ops come in rising seq")
            latestRun[replica] = Int32(runs.count)
            runs.append(SegmentRun(replica: Int32(replica), first: dot.seq, count: 1))
        }
        latestSeq[replica] = dot.seq
        return latestRun[replica]
    }

    private mutating func index(of replica: ReplicaID) -> Int32 {
        if let index = indices[replica] { return index }
        let index = Int32(replicas.count)
        indices[replica] = index
        replicas.append(replica)
        latestRun.append(-1)
        latestSeq.append(0)
        return index
    }

    private mutating func writeTime(_ time: HybridTime) {
        let step = Int64(time.milliseconds) - Int64(previousTime.milliseconds)
        heads.write(zigzag: step)
        if time.counter != 0 { heads.write(varint: UInt64(time.counter)) }
    }

    /// Names another op by its replica's index and the step back from the latest seq named of it.
    private mutating func write(reference dot: Dot) {
        let replica = Int(index(of: dot.replica))
        heads.write(varint: UInt64(replica))
        heads.write(zigzag: Int64(latestSeq[replica]) - Int64(dot.seq))
        latestSeq[replica] = max(latestSeq[replica], dot.seq)
    }

    /// Encodes the block: header, runs, compressed rows, salts.
    package func block() -> [UInt8] {
        let raw = heads.bytes + bodies
        let compressed = Zstd.compress(raw)
        let isCompressed = compressed.count < raw.count
        let stored = isCompressed ? compressed : raw
        var writer = ByteWriter(reserving: stored.count + salts.count + 17 * replicas.count + 64)
        writer.write(byte: SegmentFormat.version)
        writer.write(byte: isCompressed ? SegmentFormat.compressedFlag : 0)
        writer.write(bytes: log.bytes)
        writer.write(varint: SegmentFormat.noDictionary)
        writer.write(varint: UInt64(replicas.count))
        for replica in replicas { writer.write(bytes: replica.bytes) }
        writer.write(varint: UInt64(runs.count))
        for run in runs {
            writer.write(varint: UInt64(run.replica))
            writer.write(varint: run.first)
            writer.write(varint: run.count)
        }
        writer.write(varint: UInt64(heads.count))
        writer.write(varint: UInt64(bodies.count))
        writer.write(counted: stored)
        writer.write(bytes: salts)
        return writer.bytes
    }
}
