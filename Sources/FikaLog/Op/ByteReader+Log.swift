package import FikaCRDT
package import FikaWire

extension ByteReader {
    package mutating func readIdentifier<Subject>() throws(WireError) -> Identifier<Subject> {
        let high = try readFixed64()
        return Identifier(high: high, low: try readFixed64())
    }

    package mutating func readDigest() throws(WireError) -> Digest {
        let start = offset
        guard let digest = Digest(bytes: try readBytes(Digest.byteCount)) else {
            throw .truncated(offset: start)
        }
        return digest
    }

    package mutating func readSignature() throws(WireError) -> Signature {
        let start = offset
        guard let signature = Signature(bytes: try readBytes(Signature.byteCount)) else {
            throw .truncated(offset: start)
        }
        return signature
    }

    /// Reads a counted text that is a user's id.
    package mutating func readUserID() throws(WireError) -> UserID {
        let start = offset
        let text = try readText(limit: UserID.byteCountMaximum)
        guard let user = UserID(text) else { throw .malformedText(offset: start) }
        return user
    }

    /// Reads 16 bytes of replica and a varint seq, from 1 to the limit.
    package mutating func readDot() throws(WireError) -> Dot {
        let replica: ReplicaID = try readIdentifier()
        return Dot(replica: replica, seq: try readSeq())
    }

    /// Reads a varint seq, from 1 to the limit.
    package mutating func readSeq() throws(WireError) -> UInt64 {
        let start = offset
        let seq = try readVarint()
        guard seq > 0 else { throw .unknownValue(offset: start, value: seq) }
        guard seq <= Limits.seqMaximum else {
            throw .aboveLimit(offset: start, value: seq, limit: Limits.seqMaximum)
        }
        return seq
    }
}

extension ByteWriter {
    /// Writes 16 bytes of replica and a varint seq.
    package mutating func write(dot: Dot) {
        write(bytes: dot.replica.bytes)
        write(varint: dot.seq)
    }
}
