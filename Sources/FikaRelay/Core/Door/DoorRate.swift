/// How many ops one user may still hand in (rule U4): many at once, fewer in the long run.
///
/// It is counted by user, so that more connections do not help. Times are milliseconds.
package struct DoorRate: Hashable, Sendable {
    /// Who was turned back comes again when a second's worth is there.
    private static let second: UInt64 = 1000

    private let perSecond: UInt64
    private let atOnce: UInt64
    /// Thousandths of ops that may come; what overdraws it is owed.
    private var left: Int64
    private var asOf: UInt64
    /// Until when nothing more is taken.
    private var closedUntil: UInt64 = 0

    package init(perSecond: UInt64, atOnce: UInt64, now: UInt64) {
        self.perSecond = max(1, min(perSecond, 1 << 30))
        self.atOnce = max(1, min(atOnce, 1 << 40))
        left = Int64(self.atOnce * Self.second)
        asOf = now
    }

    /// Takes some ops; nil when they may come, else after how many milliseconds to try again.
    ///
    /// The last ones may overdraw it, so that no batch is too large for ever.
    package mutating func take(_ count: UInt64, now: UInt64) -> UInt64? {
        refill(now)
        if now < closedUntil { return closedUntil - now }
        guard left <= 0 else {
            left -= Int64(clamping: min(count, 1 << 40) * Self.second)
            return nil
        }
        let debt = UInt64(-left) / perSecond
        closedUntil = now + debt + Self.second
        return closedUntil - now
    }

    /// Whether it is as if nothing had come lately, so that it can be forgotten.
    package func isFull(now: UInt64) -> Bool {
        var later = self
        later.refill(now)
        return later.left == Int64(atOnce * Self.second)
    }

    private mutating func refill(_ now: UInt64) {
        guard now > asOf else { return }
        let gain = min(now - asOf, 1 << 30) * perSecond
        left = min(left + Int64(clamping: gain), Int64(atOnce * Self.second))
        asOf = now
    }
}
