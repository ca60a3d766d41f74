package import FikaLog

/// Somebody who is in a room now, and as what.
package struct Member: Hashable, Sendable {
    package var user: UserID
    package var role: Role

    package init(user: UserID, role: Role) {
        self.user = user
        self.role = role
    }
}
