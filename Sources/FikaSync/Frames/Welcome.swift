package import FikaLog
package import FikaWire

/// The first frame: who listens here, and the challenge.
package struct Welcome: Hashable, Sendable {
    package enum Role: UInt8, Sendable {
        case relay = 0
        /// Another device, without a relay.
        case device = 1
    }

    package static let nonceByteCount = 16

    package var lowestVersion: UInt8
    package var highestVersion: UInt8
    package var role: Role
    package var key: PublicKey
    package var epoch: Epoch
    /// Milliseconds of the listener's clock.
    package var time: UInt64
    /// What times in ``Brief`` count from on this connection: at most `time`, milliseconds.
    package var base: UInt64
    /// 16 random bytes.
    package var nonce: [UInt8]
    /// Bytes of `brief` and `batch` frames that the other end may send.
    package var credit: UInt64
    /// Whose device it is; nil exactly for a relay.
    package var user: UserID?

    package init(
        lowestVersion: UInt8 = 1, highestVersion: UInt8 = 1, role: Role, key: PublicKey,
        epoch: Epoch, time: UInt64, base: UInt64, nonce: [UInt8], credit: UInt64,
        user: UserID? = nil
    ) {
        precondition((role == .device) == (user != nil), "a device is somebody's, a relay nobody's")
        precondition(nonce.count == Self.nonceByteCount, "a nonce has 16 bytes")
        precondition(base <= time, "times count from something that was")
        self.lowestVersion = lowestVersion
        self.highestVersion = highestVersion
        self.role = role
        self.key = key
        self.epoch = epoch
        self.time = time
        self.base = base
        self.nonce = nonce
        self.credit = credit
        self.user = user
    }
}

extension Welcome: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        let start = reader.offset
        let lowest = try reader.readByte()
        let highest = try reader.readByte()
        guard lowest <= highest else {
            throw .unknownValue(offset: start, value: UInt64(lowest))
        }
        let role = try reader.readCase(Role.self)
        let key = try reader.readPublicKey()
        let epoch = Epoch(raw: try reader.readFixed64())
        let time = try reader.readTime()
        let base = time - (try reader.readVarint(maximum: time))
        let nonce = try reader.readBytes(Self.nonceByteCount)
        let credit = try reader.readVarint(maximum: Limits.creditBytesMaximum)
        let user: UserID? =
            switch role {
            case .relay: nil
            case .device: try reader.readUserID()
            }
        self.init(
            lowestVersion: lowest, highestVersion: highest, role: role, key: key, epoch: epoch,
            time: time, base: base, nonce: nonce, credit: credit, user: user)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(byte: lowestVersion)
        writer.write(byte: highestVersion)
        writer.write(byte: role.rawValue)
        writer.write(bytes: key.bytes)
        writer.write(fixed64: epoch.raw)
        writer.write(varint: time)
        writer.write(varint: time - base)
        writer.write(bytes: nonce)
        writer.write(varint: credit)
        if let user { writer.write(text: user.text) }
    }
}
