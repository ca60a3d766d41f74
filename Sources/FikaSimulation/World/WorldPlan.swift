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
    /// How often people do what, by ``WorldIntent``'s order; some things not at all.
    package var intentWeights: [Int]
    /// How many things people do in all.
    package var actCount: Int
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
    /// A device whose person means it ill, and whose store is in memory in any case.
    package var forger: Int?
    /// Whether stores in memory do not notice that they are put back, as where a copy has brought
    /// its marker along: replicas fork then.
    package var restoresUnnoticed = false
    /// Whether people leave single messages unread, which only stores on SQLite show.
    package var leavesUnread = false
    /// What goes wrong with disks, about half of it.
    package var diskFaults: Set<WorldDiskFault> = []

    /// Draws a world whose stores and relay's log are SQLite, on disks that can fail.
    package static func onDisks(seed: UInt64) -> WorldPlan {
        var plan = WorldPlan(seed: seed)
        plan.isOnDisks = true
        var random = SplitMix64(seed: seed ^ 0x0D15_C000)
        if random.oneIn(4) { plan.forger = random.number(in: 0..<plan.devices.count) }
        for fault in WorldDiskFault.allCases where random.bool() { plan.diskFaults.insert(fault) }
        return plan
    }

    package init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        self.seed = seed
        let names = ["emma", "omid", "åsa"].compactMap { UserID($0) }
        let deviceCount = random.number(in: 2...4)
        users = Array(names.prefix(random.number(in: 1...min(3, deviceCount))))
        devices = []
        for index in 0..<deviceCount {
            let user = index < users.count ? users[index] : random.pick(users)
            devices.append(
                Device(
                    user: user, name: "device \(index)", clock: .drawn(using: &random),
                    offlineShare: random.pick([0, 100, 400, 800])))
        }
        faults = []
        for fault in WorldFault.allCases where random.bool() { faults.insert(fault) }
        // A relay's disk is lost, or put back; both in one world only where that is asked for.
        if faults.contains(.wipe) { faults.remove(.oldCopy) }
        intentWeights = WorldIntent.allCases.map { intent in
            random.oneIn(4) ? 0 : intent.weight * random.number(in: 1...3)
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

extension WorldPlan: CustomStringConvertible {
    package var description: String {
        let devices = devices.map { "\($0.user.text) \($0.clock.offset) ms off" }
        let faults = faults.map(\.rawValue).sorted()
        return "\(devices), \(faults), \(actCount) acts, pieces of \(pieceMaximum), "
            + "credit \(relayCredit) and \(clientCredit), \(cachedLogs) logs cached"
    }
}
