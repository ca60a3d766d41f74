import FikaCRDT

/// Finds out whether the other end is still there (rule L1).
struct LifeSigns: Sendable {
    enum Finding: Hashable {
        case fine
        /// Nothing was heard for a while: ask.
        case ask(token: UInt64)
        case silent
        case handshakeTooSlow
    }

    static let askAfter: UInt64 = 20000
    static let silentAfter: UInt64 = 45000
    static let handshakeWithin: UInt64 = 10000

    /// Milliseconds of a monotonic clock.
    private(set) var now: UInt64 = 0
    private var connectedAt: UInt64 = 0
    private var heardAt: UInt64 = 0
    private var askedAt: UInt64?
    private var token: UInt64 = 0

    mutating func connected(now: UInt64) {
        (self.now, connectedAt, heardAt) = (now, now, now)
    }

    /// Something came; when exactly is not known, but not before the last tick.
    mutating func heard() {
        heardAt = now
        askedAt = nil
    }

    mutating func tick(now: UInt64, isHandshaking: Bool) -> Finding {
        self.now = max(now, self.now)
        if isHandshaking {
            return self.now - connectedAt >= Self.handshakeWithin ? .handshakeTooSlow : .fine
        }
        guard !PlantedBug.trustsSilence.isPlanted else { return .fine }
        if self.now - heardAt >= Self.silentAfter { return .silent }
        if self.now - heardAt >= Self.askAfter, askedAt == nil {
            askedAt = self.now
            token += 1
            return .ask(token: token)
        }
        return .fine
    }
}
