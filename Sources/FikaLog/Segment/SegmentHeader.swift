import FikaCRDT
import FikaWire

/// What stands before the rows of a block, after its version.
struct SegmentHeader {
    let log: LogID
    let isCompressed: Bool
    private(set) var replicas: [ReplicaID] = []
    private(set) var runs: [SegmentRun] = []
    private var opCount = 0

    init(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let flags = try reader.readByte()
        guard flags & ~SegmentFormat.compressedFlag == 0 else {
            throw .unknownValue(offset: start, value: UInt64(flags))
        }
        isCompressed = flags == SegmentFormat.compressedFlag
        log = try reader.readIdentifier()
        let dictionaryStart = reader.offset
        let dictionary = try reader.readVarint()
        guard dictionary == SegmentFormat.noDictionary else {
            throw .unknownValue(offset: dictionaryStart, value: dictionary)
        }
        try readReplicas(from: &reader)
        try readRuns(from: &reader)
    }

    private mutating func readReplicas(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let count = try reader.readVarint(limit: Limits.segmentReplicasMaximum)
        guard count > 0 else { throw .unknownValue(offset: start, value: 0) }
        guard count <= reader.remaining / ReplicaID.byteCount else {
            throw .truncated(offset: reader.offset)
        }
        replicas.reserveCapacity(count)
        // A replica named twice would have two runs that overlap unseen.
        var named = Set<ReplicaID>(minimumCapacity: count)
        for _ in 0..<count {
            let start = reader.offset
            let replica: ReplicaID = try reader.readIdentifier()
            guard named.insert(replica).inserted else {
                throw .unknownValue(offset: start, value: replica.high)
            }
            replicas.append(replica)
        }
    }

    private mutating func readRuns(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let count = try reader.readVarint(limit: Limits.segmentOpsMaximum)
        guard count > 0 else { throw .unknownValue(offset: start, value: 0) }
        var latest = [UInt64](repeating: 0, count: replicas.count)
        for _ in 0..<count {
            let replica = try reader.readVarint(limit: replicas.count - 1)
            let start = reader.offset
            let first = try reader.readSeq()
            // Runs of one replica rise, and what touches is one run.
            guard latest[replica] == 0 || first > latest[replica] + 1 else {
                throw .unknownValue(offset: start, value: first)
            }
            let lengthStart = reader.offset
            let length = try reader.readVarint(limit: Limits.segmentOpsMaximum - opCount)
            guard length > 0, first + UInt64(length) - 1 <= Limits.seqMaximum else {
                throw .unknownValue(offset: lengthStart, value: UInt64(length))
            }
            latest[replica] = first + UInt64(length) - 1
            opCount += length
            runs.append(SegmentRun(replica: Int32(replica), first: first, count: UInt64(length)))
        }
    }

    func readRows(from reader: inout ByteReader) throws(WireError) -> SegmentRowDecoder {
        let headStart = reader.offset
        let headCountMaximum = opCount * Limits.headBytesMaximum
        let headCount = try reader.readVarint(limit: headCountMaximum)
        // A head has three bytes at least: room is made for no more rows than there can be.
        guard headCount / 3 >= opCount else { throw .truncated(offset: headStart) }
        // Not less what the heads take: rows that are cut out may need longer ones.
        let bodyCount = try reader.readVarint(
            limit: Limits.segmentRawBytesMaximum - headCountMaximum)
        let start = reader.offset
        var raw = try reader.readCounted(limit: Limits.segmentBytesMaximum)
        if isCompressed {
            raw = try Zstd.decompress(raw, count: headCount + bodyCount, offset: start)
        } else if raw.count != headCount + bodyCount {
            throw .unknownValue(offset: start, value: UInt64(raw.count))
        }
        var decoder = SegmentRowDecoder(runs: runs, replicas: replicas, opCount: opCount)
        try decoder.decode(consume raw, headCount: headCount)
        return decoder
    }
}
