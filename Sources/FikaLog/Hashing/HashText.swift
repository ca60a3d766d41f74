package import FikaCRDT

/// A text to be hashed; one value serves for many, so that none of them costs an allocation.
package struct HashText: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init(_ domain: HashDomain) {
        bytes.reserveCapacity(192)
        start(domain)
    }

    /// Begins a new text, in the memory of the one before.
    package mutating func start(_ domain: HashDomain) {
        bytes.removeAll(keepingCapacity: true)
        append(domain.word)
    }

    /// Appends the number's bytes, big-endian.
    package mutating func append(_ number: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: number.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    package mutating func append<Subject>(_ identifier: Identifier<Subject>) {
        append(identifier.high)
        append(identifier.low)
    }

    /// Appends the replica and eight bytes of seq.
    package mutating func append(_ dot: Dot) {
        append(dot.replica)
        append(dot.seq)
    }

    package mutating func append(_ digest: Digest) {
        digest.append(to: &bytes)
    }

    package mutating func append(bytes more: some Collection<UInt8>) {
        bytes.append(contentsOf: more)
    }

    package var digest: Digest {
        unsafe bytes.withUnsafeBytes { unsafe Digest(hashing: $0) }
    }
}
