/// What became of an access op.
package enum AccessVerdict: Hashable, Sendable {
    case counted
    /// It counts, and is shown, but changes nobody's membership.
    case withoutEffect(AccessRefusal)
    case ignored(AccessRefusal)
    /// The grant that it revokes is not held (rule F5); one of another kind does not help.
    case waiting

    package var counts: Bool {
        switch self {
        case .counted, .withoutEffect: true
        case .ignored, .waiting: false
        }
    }
}
