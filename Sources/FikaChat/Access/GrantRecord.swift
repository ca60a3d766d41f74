import FikaLog

/// A grant, or the create as its author's grant.
struct GrantRecord: Hashable, Sendable {
    let user: UserID
    let role: Role
}
