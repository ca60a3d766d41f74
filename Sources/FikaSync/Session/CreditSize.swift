import FikaCRDT
import FikaLog
import FikaWire

/// How many bytes of credit a frame that is to be sent takes (rule D6).
enum CreditSize {
    static func of(_ batch: Batch) -> UInt64 {
        var writer = ByteWriter()
        writer.write(bytes: batch.log.bytes)
        write(batch.placements, to: &writer)
        return framed(bodyCount: writer.count + batch.segment.count)
    }

    static func of(_ brief: Brief) -> UInt64 {
        var writer = ByteWriter()
        write(brief.log, to: &writer)
        writer.write(byte: brief.positionLow)
        writer.write(zigzag: brief.acceptedAfter)
        write(brief.replica, to: &writer)
        writer.write(varint: brief.seq)
        writer.write(varint: UInt64(brief.kind.number))
        writer.write(byte: 0)
        writer.write(zigzag: brief.time)
        if brief.counter > 0 { writer.write(varint: UInt64(brief.counter)) }
        if let target = brief.target {
            write(target.replica, to: &writer)
            writer.write(varint: target.seq)
        }
        if let log = brief.bodyLog { writer.write(varint: log) }
        let salt = brief.salt == nil ? 0 : Salt.byteCount
        return framed(
            bodyCount: writer.count + salt + Signature.byteCount + brief.body.count)
    }

    private static func framed(bodyCount: Int) -> UInt64 {
        var writer = ByteWriter()
        writer.write(varint: UInt64(bodyCount + 1))
        return UInt64(writer.count + 1 + bodyCount)
    }

    private static func write<Subject>(
        _ name: ShortName<Subject>, to writer: inout ByteWriter
    ) {
        switch name {
        case .number(let number): writer.write(varint: number)
        case .id(let id):
            writer.write(byte: 0)
            writer.write(bytes: id.bytes)
        }
    }

    private static func write(_ placements: [Placement], to writer: inout ByteWriter) {
        let replicas = Set(placements.map(\.replica)).sorted()
        var indices: [ReplicaID: UInt64] = [:]
        for (index, replica) in replicas.enumerated() { indices[replica] = UInt64(index) }
        writer.write(varint: UInt64(placements.count))
        writer.write(varint: UInt64(replicas.count))
        for replica in replicas { writer.write(bytes: replica.bytes) }
        var acceptedAt: UInt64 = 0
        for placement in placements {
            writer.write(varint: indices[placement.replica] ?? 0)
            writer.write(varint: placement.seq)
            writer.write(varint: placement.count)
            writer.write(varint: placement.position)
            writer.write(
                zigzag: Int64(bitPattern: placement.acceptedAt &- acceptedAt))
            acceptedAt = placement.acceptedAt
        }
    }
}
