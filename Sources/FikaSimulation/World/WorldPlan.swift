package import FikaLog

/// All that a seed decides before a world begins; what happens then follows from the same seed.
package struct WorldPlan: Sendable {
    package struct Device: Sendable {
        package var user: UserID
        package var name: String
        package var clock: WorldClock
        /// Of a thousand moments in which its person could write, in how many it is offline.
        package var offlineShare: Int
    }

    package var seed: UInt64
    package var users: [UserID]
    package var devices: [Device]
    /// About half of them, so that each also meets none of the others.
    package var faults: Set<WorldFault>
    /// The device that keeps to no rule, whose store is in memory, too; nil when there is none.
    package var attacker: Int? { faults.contains(.attack) ? devices.count - 1 : nil }
    /// How often people do what; some things not at all.
    package var intentWeights: [WorldIntent: Int]
    /// How many things people do in all, at least.
    package var actCount: Int
    /// How many writes are to return before everything heals; 0 in a short world.
    package var writesMinimum = 0
    package var isLong: Bool { writesMinimum > 0 }
    /// What would happen and does not, by number: to find what a failure needs.
    package var skipped: Set<Int> = []
    /// After so many things that people do everything heals, whatever was written; nil where that
    /// is for the other limits to say.
    package var actMaximum: Int?
    /// Milliseconds between two things that people do.
    package var pauses: ClosedRange<UInt64>
    /// Milliseconds between two faults.
    package var faultPauses: ClosedRange<UInt64>
    /// The most bytes that arrive as one piece.
    package var pieceMaximum: Int
    /// Bytes of ops that the relay, and a client, let come ahead.
    package var relayCredit: UInt64
    package var clientCredit: UInt64
    /// Milliseconds after which clocks show another time: long ones let many writes have one stamp.
    package var clockStep: UInt64
    /// Logs whose state the relay keeps in mind.
    package var cachedLogs: Int

    /// Whether stores and the relay's log are SQLite, on disks that can fail; else in memory.
    package var isOnDisks = false
    /// A device whose person means it ill, and which keeps to all rules else, its store in memory.
    package var forger: Int?
    /// Whether stores do not notice that they are put back, as where a copy has brought its marker
    /// along: replicas fork then.
    package var restoresUnnoticed = false
    /// Whether people leave single messages unread, which only stores on SQLite show.
    package var leavesUnread = false
    /// What goes wrong with disks, about half of it.
    package var diskFaults: Set<WorldDiskFault> = []

    private static let names = ["emma", "omid", "åsa", "jonas", "leïla"].compactMap { UserID($0) }

    /// Draws a world of one of the four sorts.
    package static func drawn(seed: UInt64, isOnDisks: Bool, isLong: Bool) -> WorldPlan {
        if isLong { return .long(seed: seed, isOnDisks: isOnDisks) }
        return isOnDisks ? .onDisks(seed: seed) : WorldPlan(seed: seed)
    }

    /// Draws a world whose stores and relay's log are SQLite, on disks that can fail.
    package static func onDisks(seed: UInt64) -> WorldPlan {
        var plan = WorldPlan(seed: seed)
        plan.isOnDisks = true
        var random = SplitMix64(seed: seed ^ 0x0D15_C000)
        if random.oneIn(4) { plan.forger = random.number(in: 0..<plan.devices.count) }
        for fault in WorldDiskFault.allCases where random.bool() { plan.diskFaults.insert(fault) }
        return plan
    }

    /// Draws a short world.
    package init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.seed = seed
        let deviceCount = random.number(in: 2...4)
        users = Array(Self.names.prefix(random.number(in: 1...min(3, deviceCount))))
        devices = []
        for index in 0..<deviceCount {
            // The first devices have an owner each, the others any.
            let user = index < users.count ? users[index] : random.pick(users)
            devices.append(.drawn(index, of: user, using: &random))
        }
        faults = []
        for fault in WorldFault.allCases where !fault.isOfLongWorlds && random.bool() {
            faults.insert(fault)
        }
        // A relay's disk is lost, or put back; both in one world only where that is asked for.
        if faults.contains(.wipe) { faults.remove(.oldCopy) }
        intentWeights = [:]
        for intent in WorldIntent.allCases where !intent.isOfLongWorlds {
            intentWeights[intent] = intent.drawWeight(using: &random)
        }
        actCount = random.number(in: 15...45)
        let slowest: UInt64 = random.pick([50, 800, 4000])
        pauses = 0...slowest
        faultPauses = 100...max(slowest * 4, 2000)
        pieceMaximum = random.pick([7, 60, 1400, 70_000])
        relayCredit = random.pick([300, 5000, 1 << 20])
        clientCredit = random.pick([300, 5000, 1 << 20])
        cachedLogs = random.pick([1, 2, 4096])
        clockStep = random.oneIn(3) ? 1000 : 1
        for index in devices.indices { devices[index].clock.step = clockStep }
    }
}

extension WorldPlan {
    /// Draws a long world: the short one of the same seed, with at least 200 writes and a fault,
    /// and with up to 12 devices of 5 people, who do more kinds of things.
    package static func long(seed: UInt64, isOnDisks: Bool = false) -> WorldPlan {
        var plan = isOnDisks ? WorldPlan.onDisks(seed: seed) : WorldPlan(seed: seed)
        var random = SplitMix64(seed: seed ^ 0x1016_C000)
        plan.writesMinimum = 200
        plan.addDevices(using: &random)
        for intent in WorldIntent.allCases where intent.isOfLongWorlds {
            plan.intentWeights[intent] = intent.drawWeight(using: &random)
        }
        plan.intentWeights[.send] = max(plan.intentWeights[.send] ?? 0, WorldIntent.send.weight)
        for fault in WorldFault.allCases where fault.isOfLongWorlds && random.bool() {
            plan.faults.insert(fault)
        }
        if plan.faults.subtracting([.meet]).isEmpty { plan.faults.insert(.cut) }
        return plan
    }

    /// Mostly few, in one world of eight many.
    private mutating func addDevices(using random: inout SplitMix64) {
        let count = random.pick([0, 0, 0, 0, 1, 1, 2, random.number(in: 3...8)])
        for _ in 0..<count {
            let isNew = users.count < Self.names.count && random.bool()
            let user = isNew ? Self.names[users.count] : random.pick(users)
            if isNew { users.append(user) }
            devices.append(.drawn(devices.count, of: user, using: &random))
            devices[devices.count - 1].clock.step = clockStep
        }
    }
}

extension WorldPlan.Device {
    fileprivate static func drawn(
        _ index: Int, of user: UserID, using random: inout SplitMix64
    ) -> WorldPlan.Device {
        WorldPlan.Device(
            user: user, name: "device \(index)", clock: .drawn(using: &random),
            offlineShare: random.pick([0, 100, 400, 800]))
    }
}

extension WorldPlan: CustomStringConvertible {
    package var description: String {
        let devices = devices.map { "\($0.user.text) \($0.clock.offset) ms off" }
        let faults = faults.map(\.rawValue).sorted()
        return "\(devices), \(faults), \(actCount) acts, pieces of \(pieceMaximum), "
            + "credit \(relayCredit) and \(clientCredit), \(cachedLogs) logs cached"
    }
}
