package import FikaCRDT
package import FikaLog
package import FikaWire

/// The answer to ``Welcome``: who comes, proof of the key, and how far it is.
package struct Hello: Hashable, Sendable {
    package var version: UInt8
    package var key: PublicKey
    /// 16 random bytes.
    package var nonce: [UInt8]
    package var workspace: WorkspaceID
    package var user: UserID
    /// Where an admission token is asked for; empty otherwise.
    package var token: [UInt8]
    /// Bytes of `brief` and `batch` frames that the listener may send.
    package var credit: UInt64
    /// Of all logs with a cursor in the listener's epoch; nil when there is none of that epoch.
    package var summary: SyncSummary?
    /// The relay's time up to which nothing is missing; 0 when there is none.
    package var completeUntil: UInt64
    package var signature: Signature

    package init(
        version: UInt8 = 1, key: PublicKey, nonce: [UInt8], workspace: WorkspaceID, user: UserID,
        token: [UInt8] = [], credit: UInt64, summary: SyncSummary?, completeUntil: UInt64,
        signature: Signature
    ) {
        precondition(nonce.count == Welcome.nonceByteCount, "a nonce has 16 bytes")
        self.version = version
        self.key = key
        self.nonce = nonce
        self.workspace = workspace
        self.user = user
        self.token = token
        self.credit = credit
        self.summary = summary
        self.completeUntil = completeUntil
        self.signature = signature
    }
}

extension Hello: FrameBody {
    package init(from reader: inout ByteReader) throws(WireError) {
        self.init(
            version: try reader.readByte(), key: try reader.readPublicKey(),
            nonce: try reader.readBytes(Welcome.nonceByteCount),
            workspace: try reader.readIdentifier(), user: try reader.readUserID(),
            token: try reader.readCounted(limit: Limits.tokenBytesMaximum),
            credit: try reader.readVarint(maximum: Limits.creditBytesMaximum),
            summary: try Self.readSummary(from: &reader), completeUntil: try reader.readTime(),
            signature: try reader.readSignature())
    }

    package func encode(to writer: inout ByteWriter) {
        encodeUnsigned(to: &writer)
        writer.write(bytes: signature.bytes)
    }

    /// What the signature is over, beside the welcome.
    func encodeUnsigned(to writer: inout ByteWriter) {
        writer.write(byte: version)
        writer.write(bytes: key.bytes)
        writer.write(bytes: nonce)
        writer.write(bytes: workspace.bytes)
        writer.write(text: user.text)
        writer.write(counted: token)
        writer.write(varint: credit)
        writer.write(bool: summary != nil)
        if let summary {
            writer.write(fixed64: UInt64(truncatingIfNeeded: summary.sum >> 64))
            writer.write(fixed64: UInt64(truncatingIfNeeded: summary.sum))
            writer.write(varint: summary.count)
        }
        writer.write(varint: completeUntil)
    }

    private static func readSummary(
        from reader: inout ByteReader
    ) throws(WireError) -> SyncSummary? {
        guard try reader.readBool() else { return nil }
        let high = UInt128(try reader.readFixed64())
        let low = UInt128(try reader.readFixed64())
        return SyncSummary(sum: high << 64 | low, count: try reader.readVarint())
    }
}
