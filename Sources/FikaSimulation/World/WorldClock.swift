/// A device's clocks: the one on its wall may be off and drift, the monotonic one drifts as well.
package struct WorldClock: Hashable, Sendable {
    /// Milliseconds that the clock is ahead of the true time at the world's beginning.
    package var offset: Int64
    /// Millionths that it runs too fast.
    package var drift: Int64
    /// Milliseconds after which the one on the wall shows another time.
    package var step: UInt64 = 1

    /// Ten years.
    static let farthest: Int64 = 10 * 365 * 86_400_000

    package init(offset: Int64 = 0, drift: Int64 = 0) {
        self.offset = offset
        self.drift = drift
    }

    /// When worlds begin, milliseconds since 1970.
    package static let beginning: UInt64 = 1_767_603_600_000

    /// What the clock shows, milliseconds since 1970.
    package func wall(at now: UInt64) -> UInt64 {
        let time = UInt64(Int64(Self.beginning) + offset + elapsed(at: now))
        return time - time % step
    }

    /// Somebody sets it, or it goes wrong; the monotonic one goes on.
    package mutating func jump(using random: inout SplitMix64) {
        let most = random.pick([5000, 600_000, 86_400_000, Self.farthest / 10, Self.farthest])
        let jumped = offset + random.number(in: -most...most)
        offset = min(max(jumped, -Self.farthest), Self.farthest)
    }

    package func monotonic(at now: UInt64) -> UInt64 { UInt64(elapsed(at: now)) }

    private func elapsed(at now: UInt64) -> Int64 {
        Int64(now) + Int64(now) * drift / 1_000_000
    }

    /// Mostly nearly right, sometimes days off.
    package static func drawn(using random: inout SplitMix64) -> WorldClock {
        let day: Int64 = 86_400_000
        let offset: Int64 =
            switch random.number(in: 0...7) {
            case 0: random.number(in: -4 * day...4 * day)
            case 1: random.number(in: -600_000...600_000)
            case 2: 0
            default: random.number(in: -3000...3000)
            }
        return WorldClock(offset: offset, drift: random.number(in: -200...200))
    }
}
