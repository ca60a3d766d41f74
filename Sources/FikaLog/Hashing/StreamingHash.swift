import Crypto

/// Hashes a text that comes in pieces; where the pieces are cut does not matter.
package struct StreamingHash: Sendable {
    private var hash = SHA256()

    /// Starts a text of a domain.
    package init(_ domain: HashDomain) {
        update(domain.prefix)
    }

    package mutating func update(_ bytes: [UInt8]) {
        hash.update(data: bytes)
    }

    /// Returns the hash of all pieces so far; more may follow.
    package func digest() -> Digest {
        Digest(hash.finalize())
    }
}
