import Crypto
import FikaCRDT

/// An Ed25519 public key (RFC 8032), 32 bytes.
package struct PublicKey: Hashable, Sendable {
    package let bytes: [UInt8]

    /// Creates a key from exactly 32 bytes; nil for any other count.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    /// Returns whether the 64 bytes are this key's signature over the text.
    package func isValid(_ signature: Signature, over text: [UInt8]) -> Bool {
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return false
        }
        return key.isValidSignature(signature.bytes, for: text)
    }
}

extension PublicKey: CustomStringConvertible {
    package var description: String { Hexadecimal.text(bytes) }
}
