package import FikaCRDT
package import FikaLog

/// The answer to ``Welcome``: who comes, proof of the key, and how far it is.
package struct Hello: Hashable, Sendable {
    package var version: UInt8
    package var key: PublicKey
    /// 16 random bytes.
    package var nonce: [UInt8]
    package var workspace: WorkspaceID
    package var user: UserID
    /// Where an admission token is asked for; empty otherwise.
    package var token: [UInt8]
    /// Bytes of `brief` and `batch` frames that the listener may send.
    package var credit: UInt64
    /// Of all logs with a cursor in the listener's epoch; nil when there is none of that epoch.
    package var summary: SyncSummary?
    /// The relay's time up to which nothing is missing; 0 when there is none.
    package var completeUntil: UInt64
    package var signature: Signature

    package init(
        version: UInt8 = 1, key: PublicKey, nonce: [UInt8], workspace: WorkspaceID, user: UserID,
        token: [UInt8] = [], credit: UInt64, summary: SyncSummary?, completeUntil: UInt64,
        signature: Signature
    ) {
        precondition(nonce.count == 16, "a nonce has 16 bytes")
        self.version = version
        self.key = key
        self.nonce = nonce
        self.workspace = workspace
        self.user = user
        self.token = token
        self.credit = credit
        self.summary = summary
        self.completeUntil = completeUntil
        self.signature = signature
    }
}
