/// Why an access op does not count, or does nothing.
package enum AccessRefusal: Hashable, Sendable, CaseIterable {
    /// The log's id is derived: who is in follows from it (rule F2).
    case derivedLog
    /// The log's id is not made of the author's key and the nonce (rule F3).
    case notCreator
    /// A create counted before (rule F3).
    case alreadyCreated
    case notMember
    case notModerator
    /// The room is archived and somebody else was its last member (rule F4).
    case notLastMember
    /// The user left, and the grant does not name that leave (rules F4 and F6).
    case userLeft
    /// The target of a revoke is neither a grant nor a create (rule F5).
    case wrongTarget
    /// The revoked grant does not count, was already ended or never had an effect (rule F5).
    case grantNotInEffect
    /// The replica was closed below this op (rule F8).
    case beyondClose
    /// A close by a user, or by a relay that this holder does not trust (rules F8 and F10).
    case notRelay
    /// A relay wrote anything but a close (rule F10).
    case relayMayNot
}
