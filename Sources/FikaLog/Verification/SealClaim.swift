/// A signature still to be checked: the one costly step, independent of all others.
package struct SealClaim: Sendable {
    package let key: PublicKey
    package let signature: Signature
    package let text: [UInt8]

    package var isValid: Bool { key.isValid(signature, over: text) }
}
