package import FikaLog

/// What a system row tells.
package enum SystemEvent: Hashable, Sendable {
    case created(name: String)
    case granted(user: UserID, role: Role)
    /// Whose grant was ended.
    case revoked(user: UserID)
    case left
    case named(String)
    case about(String)
}
