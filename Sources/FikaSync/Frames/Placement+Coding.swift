import FikaCRDT
import FikaLog
import FikaWire

// Placements as they stand in `batch` and `placed`.
extension ByteReader {
    mutating func readPlacements() throws(WireError) -> [Placement] {
        let count = try readVarint(limit: Limits.placementsMaximum)
        let replicas = try readReplicas(limit: count)
        try expectRoom(for: count, of: 5)
        var isNamed = [Bool](repeating: false, count: replicas.count)
        var placements: [Placement] = []
        placements.reserveCapacity(count)
        var time: UInt64 = 0
        for _ in 0..<count {
            let start = offset
            let index = try readVarint()
            guard index < replicas.count else {
                throw .unknownValue(offset: start, value: index)
            }
            isNamed[Int(index)] = true
            placements.append(try readPlacement(of: replicas[Int(index)], after: &time))
        }
        if let idle = isNamed.firstIndex(of: false) {
            throw .unknownValue(offset: offset, value: UInt64(idle))
        }
        return placements
    }

    /// Reads rising replicas.
    private mutating func readReplicas(limit: Int) throws(WireError) -> [ReplicaID] {
        let count = try readVarint(limit: limit)
        try expectRoom(for: count, of: ReplicaID.byteCount)
        var replicas: [ReplicaID] = []
        replicas.reserveCapacity(count)
        for _ in 0..<count {
            let start = offset
            let replica: ReplicaID = try readIdentifier()
            if let last = replicas.last, last >= replica {
                throw .unknownValue(offset: start, value: replica.high)
            }
            replicas.append(replica)
        }
        return replicas
    }

    private mutating func readPlacement(
        of replica: ReplicaID, after time: inout UInt64
    ) throws(WireError) -> Placement {
        let seq = try readSeq()
        let countStart = offset
        let count = try readVarint(maximum: Limits.seqMaximum - seq + 1)
        guard count > 0 else { throw .unknownValue(offset: countStart, value: 0) }
        let positionStart = offset
        let position = try readPosition()
        guard count - 1 <= Limits.positionMaximum - position else {
            throw .aboveLimit(
                offset: positionStart, value: position, limit: Limits.positionMaximum - count + 1)
        }
        let timeStart = offset
        let step = try readZigzag()
        let sum = Int64(time).addingReportingOverflow(step)
        guard !sum.overflow, sum.partialValue >= 0,
            sum.partialValue <= Int64(HybridTime.millisecondsMaximum)
        else { throw .unknownValue(offset: timeStart, value: UInt64(bitPattern: step)) }
        time = UInt64(sum.partialValue)
        return Placement(
            replica: replica, seq: seq, count: count, position: position, acceptedAt: time)
    }
}

extension ByteWriter {
    mutating func write(placements: [Placement]) {
        var replicas: [ReplicaID] = []
        for replica in placements.lazy.map(\.replica).sorted() where replicas.last != replica {
            replicas.append(replica)
        }
        var indices: [ReplicaID: UInt64] = [:]
        write(varint: UInt64(placements.count))
        write(varint: UInt64(replicas.count))
        for (index, replica) in replicas.enumerated() {
            indices[replica] = UInt64(index)
            write(bytes: replica.bytes)
        }
        var time: UInt64 = 0
        for placement in placements {
            guard let index = indices[placement.replica] else {
                preconditionFailure("the replicas are those of the placements")
            }
            write(varint: index)
            write(varint: placement.seq)
            write(varint: placement.count)
            write(varint: placement.position)
            write(zigzag: Int64(placement.acceptedAt) - Int64(time))
            time = placement.acceptedAt
        }
    }
}
