import FikaCRDT
import FikaLog

/// The end of the handshake that connects: checks who listens, and proves who comes (H1-H3).
struct CallerHandshake: Sendable {
    static let version: UInt8 = 1

    let identity: SessionIdentity
    let nonce: [UInt8]
    let credit: UInt64
    /// The key that the listener must have; nil on the first connection to an address.
    let pinned: PublicKey?

    /// Checks a welcome, of which nothing is proven yet.
    func check(_ welcome: Welcome, role: Welcome.Role) throws(Violation) {
        guard welcome.role == role else {
            throw Violation(.unexpected, "another role was expected")
        }
        guard welcome.lowestVersion <= Self.version, Self.version <= welcome.highestVersion else {
            throw Violation(.unsupportedVersion, "version 1 is spoken here")
        }
        guard pinned.map({ $0 == welcome.key }) ?? true else {
            throw Violation(.notAuthentic, "another key than before")
        }
        guard welcome.time <= HybridTime.millisecondsMaximum, welcome.base <= welcome.time else {
            throw Violation(.malformed, "a time beyond all clocks")
        }
    }

    /// Makes the answer, and the text that the listener has to sign.
    func answer(
        welcomeBody: [UInt8], summary: SyncSummary?, completeUntil: UInt64
    ) -> (hello: Hello, readyText: [UInt8]) {
        guard let empty = Signature(bytes: [UInt8](repeating: 0, count: 64)) else {
            preconditionFailure("a signature has 64 bytes")
        }
        let unsigned = Hello(
            version: Self.version, key: identity.key.publicKey, nonce: nonce,
            workspace: identity.workspace, user: identity.user, token: identity.token,
            credit: credit, summary: summary, completeUntil: completeUntil, signature: empty)
        let hello = Handshake.signed(unsigned, by: identity.key, welcomeBody: welcomeBody)
        let ready = Handshake.readyText(
            welcomeBody: welcomeBody, helloBody: Frame.hello(hello).body)
        return (hello, ready)
    }
}
