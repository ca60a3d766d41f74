/// From a point on, what a user is; nil: not in.
struct RoleChange: Hashable, Sendable {
    let point: AccessPoint
    let role: Role?
}
