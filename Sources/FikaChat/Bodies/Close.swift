package import FikaCRDT
package import FikaLog
package import FikaWire

/// The body of a relay's one answer to every permanent refusal (rules A3 and F8).
package struct Close: OpBody {
    package let replica: ReplicaID
    /// The last op that counts; 0 when none does.
    package let seq: UInt64
    /// The chain value after that op: of two branches only this one counts.
    package let chain: Digest
    package let reason: CloseReason

    package init(replica: ReplicaID, seq: UInt64, chain: Digest, reason: CloseReason) {
        self.replica = replica
        self.seq = seq
        self.chain = chain
        self.reason = reason
    }

    package init(from reader: inout ByteReader) throws(WireError) {
        replica = try reader.readIdentifier()
        let start = reader.offset
        seq = try reader.readVarint()
        guard seq <= Limits.seqMaximum else {
            throw .aboveLimit(offset: start, value: seq, limit: Limits.seqMaximum)
        }
        chain = try reader.readDigest()
        reason = try reader.readCase(CloseReason.self)
    }

    package func encode(to writer: inout ByteWriter) {
        writer.write(bytes: replica.bytes)
        writer.write(varint: seq)
        writer.write(bytes: chain.bytes)
        writer.write(byte: reason.rawValue)
    }
}
