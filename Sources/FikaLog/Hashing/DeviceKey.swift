import Crypto

/// A device's private Ed25519 key; it never appears in a log, a store or an error.
package struct DeviceKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    package let publicKey: PublicKey

    /// Creates a key from a 32-byte seed; nil for any other count.
    package init?(seed: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
            let publicKey = PublicKey(bytes: Array(key.publicKey.rawRepresentation))
        else { return nil }
        self.key = key
        self.publicKey = publicKey
    }

    /// Draws a new key.
    package init(using generator: inout some RandomNumberGenerator) {
        let seed = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        guard let key = DeviceKey(seed: seed) else {
            preconditionFailure("any 32 bytes are an Ed25519 seed")
        }
        self = key
    }

    package func sign(_ text: [UInt8]) -> Signature {
        guard let data = try? key.signature(for: text),
            let signature = Signature(bytes: Array(data))
        else { preconditionFailure("Ed25519 signs any text") }
        return signature
    }

    /// The 32 bytes to keep in a file of the device's own, and nowhere else.
    package var seed: [UInt8] { Array(key.rawRepresentation) }
}
