package import FikaCRDT
package import FikaLog
package import FikaWire

/// One op in the fewest bytes, for an end that holds the op before it of the same replica.
package struct Brief: Hashable, Sendable {
    package var log: ShortName<LogSubject>
    /// The position's low 7 bits, and 0 from a client: the receiver is at the one before.
    package var positionLow: UInt8
    /// Milliseconds from the op's time to its acceptance; 0 from a client.
    package var acceptedAfter: Int64
    package var replica: ShortName<ReplicaSubject>
    package var seq: UInt64
    package var kind: Kind
    /// Milliseconds from the connection's base to the op's time.
    package var time: Int64
    package var counter: UInt16
    package var target: Target?
    package var salt: Salt?
    /// A log whose id the body starts with; the 16 bytes are then left out of `body`.
    package var bodyLog: UInt64?
    package var body: [UInt8]
    /// Over the op.
    package var seal: Signature

    package struct Target: Hashable, Sendable {
        package var replica: ShortName<ReplicaSubject>
        package var seq: UInt64

        package init(replica: ShortName<ReplicaSubject>, seq: UInt64) {
            self.replica = replica
            self.seq = seq
        }
    }

    package init(
        log: ShortName<LogSubject>, positionLow: UInt8 = 0, acceptedAfter: Int64 = 0,
        replica: ShortName<ReplicaSubject>, seq: UInt64, kind: Kind, time: Int64,
        counter: UInt16, target: Target?, salt: Salt?, bodyLog: UInt64? = nil, body: [UInt8],
        seal: Signature
    ) {
        self.log = log
        self.positionLow = positionLow
        self.acceptedAfter = acceptedAfter
        self.replica = replica
        self.seq = seq
        self.kind = kind
        self.time = time
        self.counter = counter
        self.target = target
        self.salt = salt
        self.bodyLog = bodyLog
        self.body = body
        self.seal = seal
    }
}

extension Brief: FrameBody {
    /// What stands in the byte of flags.
    private struct Flags: OptionSet {
        let rawValue: UInt8

        static let hasTarget = Flags(rawValue: 1)
        static let isSalted = Flags(rawValue: 2)
        static let hasCounter = Flags(rawValue: 4)
        static let startsWithLog = Flags(rawValue: 8)
        static let isBeforeBase = Flags(rawValue: 16)
        static let isAcceptedBefore = Flags(rawValue: 32)
        static let all = Flags(rawValue: 63)
    }

    private var flags: Flags {
        var flags: Flags = []
        if target != nil { flags.insert(.hasTarget) }
        if salt != nil { flags.insert(.isSalted) }
        if counter > 0 { flags.insert(.hasCounter) }
        if bodyLog != nil { flags.insert(.startsWithLog) }
        if time < 0 { flags.insert(.isBeforeBase) }
        if acceptedAfter < 0 { flags.insert(.isAcceptedBefore) }
        return flags
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        let log = try ShortName<LogSubject>(from: &reader)
        let start = reader.offset
        let positionLow = try reader.readByte()
        guard positionLow < 128 else {
            throw .unknownValue(offset: start, value: UInt64(positionLow))
        }
        let flagsStart = reader.offset
        let flags = Flags(rawValue: try reader.readByte())
        guard flags.isSubset(of: .all) else {
            throw .unknownValue(offset: flagsStart, value: UInt64(flags.rawValue))
        }
        let accepted = try reader.readDifference(
            isNegative: flags.contains(.isAcceptedBefore))
        let replica = try ShortName<ReplicaSubject>(from: &reader)
        let seq = try reader.readSeq()
        let kind = Kind(UInt16(try reader.readVarint(limit: Int(UInt16.max))))
        let time = try reader.readDifference(isNegative: flags.contains(.isBeforeBase))
        let counter =
            flags.contains(.hasCounter) ? try reader.readCount(limit: Int(UInt16.max)) : 0
        let target = flags.contains(.hasTarget) ? try Target(from: &reader) : nil
        let bodyLog = flags.contains(.startsWithLog) ? try reader.readNumber() : nil
        let salt = flags.contains(.isSalted) ? Salt(raw: try reader.readFixed64()) : nil
        let seal = try reader.readSignature()
        let idByteCount = bodyLog == nil ? 0 : LogID.byteCount
        self.init(
            log: log, positionLow: positionLow, acceptedAfter: accepted, replica: replica,
            seq: seq, kind: kind, time: time, counter: UInt16(counter), target: target,
            salt: salt, bodyLog: bodyLog,
            body: try reader.readRemaining(limit: Limits.bodyBytesMaximum - idByteCount),
            seal: seal)
    }

    package func encode(to writer: inout ByteWriter) {
        log.encode(to: &writer)
        writer.write(byte: positionLow)
        writer.write(byte: flags.rawValue)
        writer.write(varint: acceptedAfter.magnitude)
        replica.encode(to: &writer)
        writer.write(varint: seq)
        writer.write(varint: UInt64(kind.number))
        writer.write(varint: time.magnitude)
        if counter > 0 { writer.write(varint: UInt64(counter)) }
        target?.encode(to: &writer)
        if let bodyLog { writer.write(varint: bodyLog) }
        if let salt { writer.write(fixed64: salt.raw) }
        writer.write(bytes: seal.bytes)
    }

    package var rest: [UInt8] { body }
}

extension Brief.Target {
    fileprivate init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            replica: try ShortName<ReplicaSubject>(from: &reader), seq: try reader.readSeq())
    }

    fileprivate func encode(to writer: inout ByteWriter) {
        replica.encode(to: &writer)
        writer.write(varint: seq)
    }
}
