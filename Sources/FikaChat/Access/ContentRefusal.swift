/// Why a content op does not count.
package enum ContentRefusal: Hashable, Sendable, CaseIterable {
    case notMember
    case notModerator
    /// An edit or delete of what somebody else wrote.
    case notAuthor
    /// The log is not for ops of this kind.
    case notHere
    /// The poll's settings do not let its author do so (rule M13).
    case notAllowedByPoll
    /// The replica was closed below this op (rule F8).
    case beyondClose
}
