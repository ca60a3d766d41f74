package import FikaCRDT
import FikaWire

/// The hashes of the format; `Specs/chain.md` lists their bytes.
package enum Hashes {
    /// Hashes a text that starts with its domain's prefix.
    package static func digest(_ text: [UInt8]) -> Digest {
        unsafe text.withUnsafeBytes { unsafe Digest(hashing: $0) }
    }

    /// The id that a workspace's public key gives.
    package static func workspaceID(publicKey: PublicKey) -> WorkspaceID {
        identifier(HashDomain.workspace.prefix + publicKey.bytes)
    }

    /// The id that certifies a replica: `H(public key, incarnation)`.
    package static func replicaID(publicKey: PublicKey, incarnation: Incarnation) -> ReplicaID {
        identifier(HashDomain.replica.prefix + publicKey.bytes + incarnation.bytes)
    }

    /// The id of a room: `H(creator's key, nonce)`.
    package static func roomLogID(creator: PublicKey, nonce: [UInt8]) -> LogID {
        precondition(nonce.count == 16, "a room's nonce has 16 bytes")
        return identifier(HashDomain.roomLog.prefix + creator.bytes + nonce)
    }

    /// The id of a log that is derived from who uses it.
    package static func derivedLogID(_ preimage: LogPreimage) -> LogID {
        var writer = ByteWriter()
        writer.write(bytes: HashDomain.derivedLog.prefix)
        preimage.encode(to: &writer)
        return identifier(writer.bytes)
    }

    /// The hash of a body: `H(salt, body)`.
    package static func body(_ body: some Collection<UInt8>, salt: Salt?) -> Digest {
        var text = HashText(.body)
        return Self.body(body, salt: salt, in: &text)
    }

    /// The hash of a body, put together in the memory of `text`.
    static func body(
        _ body: some Collection<UInt8>, salt: Salt?, in text: inout HashText
    ) -> Digest {
        text.start(.body)
        text.append(UInt8(salt == nil ? 0 : Salt.byteCount))
        if let salt { text.append(salt.raw) }
        text.append(bytes: body)
        return text.digest
    }

    /// The chain value before a replica's first op.
    package static func chainStart(log: LogID, replica: ReplicaID) -> Digest {
        digest(HashDomain.chainStart.prefix + log.bytes + replica.bytes)
    }

    /// The chain value after one more op: `H(chain(n-1), opHash(n))`.
    package static func chain(after previous: Digest, opHash: Digest) -> Digest {
        // Three values that lie next to each other: 72 bytes without an array.
        unsafe withUnsafeBytes(of: (HashDomain.chain.word.bigEndian, previous, opHash)) {
            unsafe Digest(hashing: $0)
        }
    }

    private static func identifier<Subject>(_ text: [UInt8]) -> Identifier<Subject> {
        let bytes = digest(text).bytes.prefix(16)
        guard let identifier = Identifier<Subject>(bytes: bytes) else {
            preconditionFailure("a digest has more than 16 bytes")
        }
        return identifier
    }
}
