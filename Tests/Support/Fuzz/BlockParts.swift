import FikaCRDT
import FikaLog
import FikaWire

/// A block's bytes taken apart without looking into the rows, so that parts of it can be changed.
struct BlockParts {
    private var start: [UInt8]
    var replicas: [ReplicaID]
    private var runs: [UInt8]
    private(set) var headCount: Int
    /// Heads and bodies, never compressed.
    var rows: [UInt8]
    private var salts: [UInt8]

    init(_ block: [UInt8]) throws(WireError) {
        var reader = unsafe ByteReader(block.span.bytes)
        start = try reader.readBytes(1)
        let isCompressed = try reader.readByte() == 1
        start += try [0] + reader.readBytes(LogID.byteCount + 1)
        replicas = []
        for _ in 0..<(try reader.readVarint(limit: Limits.segmentReplicasMaximum)) {
            replicas.append(try reader.readIdentifier())
        }
        let runsStart = reader.offset
        for _ in 0..<(try reader.readVarint(limit: Limits.segmentOpsMaximum)) {
            for _ in 0..<3 { _ = try reader.readVarint() }
        }
        runs = Array(block[runsStart..<reader.offset])
        headCount = try reader.readVarint(limit: Limits.segmentRawBytesMaximum)
        let bodyCount = try reader.readVarint(limit: Limits.segmentRawBytesMaximum)
        rows = try reader.readCounted(limit: Limits.segmentBytesMaximum)
        if isCompressed {
            rows = try Zstd.decompress(rows, count: headCount + bodyCount, offset: 0)
        }
        salts = try reader.readBytes(reader.remaining)
    }

    /// The block, not compressed.
    var block: [UInt8] {
        var writer = ByteWriter()
        writer.write(bytes: start)
        writer.write(varint: UInt64(replicas.count))
        for replica in replicas { writer.write(bytes: replica.bytes) }
        writer.write(bytes: runs)
        writer.write(varint: UInt64(headCount))
        writer.write(varint: UInt64(rows.count - headCount))
        writer.write(counted: rows)
        writer.write(bytes: salts)
        return writer.bytes
    }
}
