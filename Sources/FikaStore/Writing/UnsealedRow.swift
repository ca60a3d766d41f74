import FikaCRDT
import FikaLog
import FikaWire

/// An op written here that nobody else has seen yet (rule O3).
package struct UnsealedRow {
    var key: OpKey
    var kind: Kind
    var time: HybridTime
    /// Milliseconds of this device's clock, uncorrected.
    var writtenAt: UInt64
    /// The highest time that the log held when it was written.
    var heldTime: HybridTime
    var target: Dot?
    var origin: Origin?
    var salt: Salt?
    var body: [UInt8]

    static let columns = "op, kind, time, written_at, held_time, target, origin, salt, body"

    init(
        key: OpKey, kind: Kind, time: HybridTime, writtenAt: UInt64, heldTime: HybridTime,
        target: Dot?, origin: Origin?, salt: Salt?, body: [UInt8]
    ) {
        self.key = key
        self.kind = kind
        self.time = time
        self.writtenAt = writtenAt
        self.heldTime = heldTime
        self.target = target
        self.origin = origin
        self.salt = salt
        self.body = body
    }

    /// Reads the row that a query over ``columns`` stands on.
    init(_ query: HotStatement) throws {
        key = OpKey(raw: query.int(0))
        kind = Kind(UInt16(truncatingIfNeeded: query.int(1)))
        time = HybridTime(raw: UInt64(bitPattern: query.int(2)))
        writtenAt = UInt64(bitPattern: query.int(3))
        heldTime = HybridTime(raw: UInt64(bitPattern: query.int(4)))
        salt = query.optionalInt(7).map { Salt(raw: UInt64(bitPattern: $0)) }
        body = query.bytes(8)
        guard UInt16(exactly: query.int(1)) != nil, time.isWellFormed, OpKey.isWellFormed(key),
            body.count <= Limits.bodyBytesMaximum
        else { throw StoreError.damaged("unsealed op \(key.raw)") }
        do {
            target = query.isNull(5) ? nil : try Self.dot(query.bytes(5))
            origin = query.isNull(6) ? nil : try Self.origin(query.bytes(6))
        } catch {
            throw StoreError.damaged("unsealed op \(key.raw): \(error)")
        }
    }

    /// Binds the row to a statement over ``columns``.
    func bind(_ statement: HotStatement) {
        statement.bind(1, key.raw)
        statement.bind(2, Int64(kind.number))
        statement.bind(3, Int64(bitPattern: time.raw))
        statement.bind(4, Int64(bitPattern: writtenAt))
        statement.bind(5, Int64(bitPattern: heldTime.raw))
        if let target {
            var writer = ByteWriter()
            writer.write(dot: target)
            statement.bind(6, blob: writer.bytes)
        } else {
            statement.bindNull(6)
        }
        if let origin {
            var writer = ByteWriter()
            writer.write(dot: origin.dot)
            writer.write(bytes: origin.bodyHash.bytes)
            statement.bind(7, blob: writer.bytes)
        } else {
            statement.bindNull(7)
        }
        statement.bind(8, salt.map { Int64(bitPattern: $0.raw) })
        statement.bind(9, blob: body)
    }

    /// The op as the log knows it.
    func op(log: LogID, replica: ReplicaID) -> Op {
        Op(
            kind: kind, id: OpID(log: log, replica: replica, seq: key.seq), time: time,
            target: target, origin: origin, content: .body(body, salt: salt))
    }

    /// The op as the views take it.
    func viewOp(log: Int64, replica: ReplicaID) -> ViewOp {
        ViewOp(
            key: key, log: log, dot: Dot(replica: replica, seq: key.seq), kind: kind, time: time,
            target: target, origin: origin, body: body[...])
    }

    private static func dot(_ bytes: [UInt8]) throws(WireError) -> Dot {
        var reader = ByteReader(bytes.span.bytes)
        let dot = try reader.readDot()
        try reader.expectEnd()
        return dot
    }

    private static func origin(_ bytes: [UInt8]) throws(WireError) -> Origin {
        var reader = ByteReader(bytes.span.bytes)
        let dot = try reader.readDot()
        let hash = try reader.readDigest()
        try reader.expectEnd()
        return Origin(dot: dot, bodyHash: hash)
    }
}
