package import FikaCRDT
package import FikaLog

/// Folds the access ops of one log into who may (`Specs/access.md`).
///
/// The result depends on the set of ops alone, not on the order in which they came.
package struct AccessFold: Sendable {
    package let log: LogID
    /// What the log's id is derived from; nil for a room.
    package let preimage: LogPreimage?
    /// The relays whose closes this holder believes.
    package let trustedRelays: Set<PublicKey>

    /// Creates the fold of a log.
    ///
    /// A preimage that does not give the log's id is disregarded: it shows nothing (rule M1).
    package init(log: LogID, preimage: LogPreimage? = nil, trustedRelays: Set<PublicKey> = []) {
        self.log = log
        self.preimage = preimage.flatMap { Hashes.derivedLogID($0) == log ? $0 : nil }
        self.trustedRelays = trustedRelays
    }

    /// Whether the closes of an author count (rules F8 and F10).
    package func believes(_ author: AccessAuthor) -> Bool {
        author.isRelay && trustedRelays.contains(author.publicKey)
    }

    /// Folds ops, given in any order; of ops with one dot the last given one stands.
    package func history(of ops: some Sequence<AccessOp>) -> AccessHistory {
        AccessHistory(fold: self, ops: ops)
    }
}
