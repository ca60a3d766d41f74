package import FikaLog

/// Who wrote an access op, as the replica's introduction says.
package struct AccessAuthor: Hashable, Sendable {
    /// Nil for a relay.
    package let user: UserID?
    package let publicKey: PublicKey

    package init(user: UserID?, publicKey: PublicKey) {
        self.user = user
        self.publicKey = publicKey
    }

    package init(_ introduction: Introduction) {
        self.init(user: introduction.user, publicKey: introduction.publicKey)
    }

    package var isRelay: Bool { user == nil }
}
