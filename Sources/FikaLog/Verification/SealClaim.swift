/// A signature still to be checked: the one costly step, independent of all others.
package struct SealClaim: Hashable, Sendable {
    package let key: PublicKey
    package let signature: Signature
    package let text: [UInt8]

    package init(key: PublicKey, signature: Signature, text: [UInt8]) {
        self.key = key
        self.signature = signature
        self.text = text
    }

    package var isValid: Bool { key.isValid(signature, over: text) }
}
