import FikaCRDT
package import FikaLog
import FikaWire

extension Brief {
    /// Kinds whose bodies start with a log's id: read marks and flags (`Specs/kinds.md`).
    private static let kindsNamingLogs: [Kind] = [Kind(24), Kind(25)]

    /// Says an op in short; nil when it has to travel in a batch (rule Y4).
    ///
    /// - Parameters:
    ///   - op: The op.
    ///   - seal: Its replica's signature at its seq.
    ///   - base: What times on the connection count from, milliseconds.
    ///   - names: The numbers that the other end knows.
    ///   - position: From a relay the op's position, 0 from a client.
    ///   - acceptedAt: From a relay when the op was accepted, nil from a client.
    package init?(
        _ op: Op, seal: Signature, base: UInt64, names: some Naming, position: UInt64 = 0,
        acceptedAt: UInt64? = nil
    ) {
        guard op.origin == nil, case .body(let body, let salt) = op.content else { return nil }
        let log = op.id.log
        let milliseconds = Int64(op.time.milliseconds)
        let namesLog = Self.kindsNamingLogs.contains(op.kind)
        let bodyLog =
            namesLog
            ? LogID(bytes: body.prefix(LogID.byteCount)).flatMap(names.number(of:)) : nil
        self.init(
            log: names.name(of: log), positionLow: UInt8(position & 127),
            acceptedAfter: acceptedAt.map { Int64($0) - milliseconds } ?? 0,
            replica: names.name(of: op.id.dot.replica, in: log), seq: op.id.dot.seq,
            kind: op.kind, time: milliseconds - Int64(base), counter: op.time.counter,
            target: op.target.map {
                Target(replica: names.name(of: $0.replica, in: log), seq: $0.seq)
            },
            salt: salt, bodyLog: bodyLog,
            body: bodyLog == nil ? body : Array(body.dropFirst(LogID.byteCount)), seal: seal)
    }

    /// The op that is said, and when the relay accepted it.
    ///
    /// - Parameters:
    ///   - base: What times on the connection count from, milliseconds.
    ///   - names: The numbers that were told on the connection.
    /// - Returns: The op, and milliseconds of the relay's clock.
    /// - Throws: `FrameError` for a number that was not told, or a time that no clock shows.
    package func op(
        base: UInt64, names: some Naming
    ) throws(FrameError) -> (op: Op, acceptedAt: UInt64) {
        guard let log = names.log(self.log) else { throw .unknownName(self.log.number) }
        let dot = try Self.dot(replica, seq, in: log, names: names)
        let target = try self.target.map { named throws(FrameError) in
            try Self.dot(named.replica, named.seq, in: log, names: names)
        }
        var body = self.body
        if let bodyLog {
            guard let named = names.log(numbered: bodyLog) else { throw .unknownName(bodyLog) }
            body = named.bytes + body
        }
        let milliseconds = try Self.sum(base, time)
        let op = Op(
            kind: kind, id: OpID(log: log, dot: dot),
            time: HybridTime(milliseconds: milliseconds, counter: counter), target: target,
            content: .body(body, salt: salt))
        return (op, try Self.sum(milliseconds, acceptedAfter))
    }

    private static func dot(
        _ name: ShortName<ReplicaSubject>, _ seq: UInt64, in log: LogID, names: some Naming
    ) throws(FrameError) -> Dot {
        guard let replica = names.replica(name, in: log) else { throw .unknownName(name.number) }
        return Dot(replica: replica, seq: seq)
    }

    private static func sum(_ time: UInt64, _ step: Int64) throws(FrameError) -> UInt64 {
        // Both are below 2^48: decoding saw to it.
        let sum = Int64(time) + step
        guard sum >= 0, sum <= Int64(HybridTime.millisecondsMaximum) else {
            throw .malformed(.unknownValue(offset: 0, value: UInt64(bitPattern: step)))
        }
        return UInt64(sum)
    }
}

extension ShortName {
    /// The number; 0 for an id, which stands for itself.
    fileprivate var number: UInt64 {
        switch self {
        case .number(let number): number
        case .id: 0
        }
    }
}
