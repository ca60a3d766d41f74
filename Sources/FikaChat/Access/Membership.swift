import FikaCRDT
import FikaLog

/// Who is in, and who was when: the grants that counted and what they gave.
struct Membership: Sendable {
    /// Each user's grants in effect; users without any are absent.
    private var inEffect: [UserID: [Dot: Role]] = [:]
    private var changes: [UserID: [RoleChange]] = [:]
    /// Whose membership ended last.
    private(set) var lastEnded: UserID?

    var isEmpty: Bool { inEffect.isEmpty }

    /// Those who are in, rising.
    var members: [Member] {
        inEffect.keys.sorted().compactMap { user in
            role(of: user).map { Member(user: user, role: $0) }
        }
    }

    func role(of user: UserID) -> Role? {
        inEffect[user]?.values.max()
    }

    /// The role under all ops of lower points.
    func role(of user: UserID, at point: AccessPoint) -> Role? {
        guard let changes = changes[user] else { return nil }
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].point < point { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : changes[low - 1].role
    }

    mutating func begin(_ grant: GrantRecord, dot: Dot, at point: AccessPoint) {
        inEffect[grant.user, default: [:]][dot] = grant.role
        note(grant.user, at: point)
    }

    /// Ends one grant; false when it is not in effect.
    mutating func end(_ dot: Dot, of user: UserID, at point: AccessPoint) -> Bool {
        guard inEffect[user]?.removeValue(forKey: dot) != nil else {
            return false
        }
        if inEffect[user]?.isEmpty == true { out(user) }
        note(user, at: point)
        return true
    }

    /// Ends all grants of a user.
    mutating func endAll(of user: UserID, at point: AccessPoint) {
        out(user)
        note(user, at: point)
    }

    private mutating func out(_ user: UserID) {
        inEffect[user] = nil
        lastEnded = user
    }

    private mutating func note(_ user: UserID, at point: AccessPoint) {
        let role = role(of: user)
        if let last = changes[user]?.last, last.role == role { return }
        changes[user, default: []].append(RoleChange(point: point, role: role))
    }
}
