import FikaCRDT
import FikaChat
import FikaLog

/// Who may, at one point of the fold (`Specs/access.md`).
struct ModelAccess {
    struct GrantRecord {
        let dot: Dot
        let user: UserID
        let role: Role
        var isLive: Bool
    }

    struct CloseRecord {
        let close: Close
        /// Whether the chain value at the close is another than it says.
        let hasOtherChain: Bool
    }

    var preimage: LogPreimage?
    var roomKind: RoomKind?
    var grants: [GrantRecord] = []
    /// The newest leave of each user that counted.
    var leaves: [UserID: Dot] = [:]
    var lastOut: UserID?
    var closes: [CloseRecord] = []
    /// The grants and revokes that count and change nothing.
    var ineffective: Set<Dot> = []
    /// What became of the access ops so far.
    var outcomes: [Dot: ModelOutcome] = [:]

    func role(of user: UserID) -> Role? {
        if let preimage {
            return preimage.kind != .directory && preimage.users.contains(user) ? .member : nil
        }
        return grants.filter { $0.isLive && $0.user == user }.map(\.role).max()
    }

    var members: [Member] {
        let users = preimage?.users ?? Set(grants.map(\.user)).sorted()
        return users.compactMap { user in
            role(of: user).map { Member(user: user, role: $0) }
        }
    }

    var logKind: LogKind {
        switch preimage?.kind {
        case .privateChat: .privateChat
        case .personal: .personal
        case .directory: .directory
        case nil: roomKind.map { .room($0) } ?? .unknown
        }
    }

    /// The closes that an op at this point is beyond, the lowest first.
    func closesBelow(_ dot: Dot) -> [Close] {
        closes.filter { record in
            record.close.replica == dot.replica
                && (dot.seq > record.close.seq || record.hasOtherChain)
        }.map(\.close).sorted { $0.seq < $1.seq }
    }

    /// The lowest seq at which a replica was closed.
    func lowestClose(of replica: ReplicaID) -> UInt64? {
        closes.filter { $0.close.replica == replica }.map(\.close.seq).min()
    }

    /// Ends grants and remembers who was last out.
    mutating func end(of user: UserID, where isEnded: (GrantRecord) -> Bool) {
        guard role(of: user) != nil else { return }
        for index in grants.indices where grants[index].user == user && isEnded(grants[index]) {
            grants[index].isLive = false
        }
        if role(of: user) == nil { lastOut = user }
    }
}
