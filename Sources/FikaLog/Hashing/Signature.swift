/// An Ed25519 signature, 64 bytes.
package struct Signature: Hashable, Sendable {
    package let bytes: [UInt8]

    package static var byteCount: Int { 64 }

    /// Creates a signature from exactly 64 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = Array(bytes)
    }
}
