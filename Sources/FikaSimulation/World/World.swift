import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaStore

import FikaSync

/// Clients and one relay, the real machines, over virtual time, network and disks.
///
/// A seed decides everything: two worlds of one seed do the same in the same order.
package final class World {
    package let plan: WorldPlan
    package let ledger = WorldLedger()
    package internal(set) var trace: WorldTrace
    /// Milliseconds since the world began.
    package internal(set) var now: UInt64 = 0

    static let workspace = WorkspaceID(high: 0xF1CA, low: 0x0101)
    /// So long after the healing everything must be quiet.
    static let healingMaximum: UInt64 = 60_000
    /// So much longer where a relay waits for who can fill its order, and nobody can (rule C2).
    static let fillingMaximum: UInt64 = 600_000 + healingMaximum
    /// A healthy world comes to rest within some thousands.
    let lineMaximum: Int
    /// Nothing moved for so long: it is quiet.
    static let quietAfter: UInt64 = 3000

    var random: SplitMix64
    /// Decides what disks do, so that without them a world stays the same.
    var diskRandom: SplitMix64
    private let folder: WorldFolder?
    private let seals = CheckedSeals()
    var queue = EventQueue<WorldEvent>()
    var relay: WorldRelay
    var clients: [WorldClient] = []
    var links: [ConnectionID: WorldLink] = [:]
    var lastLink: UInt64 = 0
    var meetings: [UInt64: WorldMeeting] = [:]
    var lastMeeting: UInt64 = 0
    var actsLeft: Int
    /// How many acts and faults there were.
    var eventCount = 0
    /// Which of them did what.
    package internal(set) var story = WorldStory()
    /// When everybody said a last word, to see that it is taken.
    var lastWordsAt: UInt64?
    /// Whether what is written now is such a word.
    var saysLastWords = false
    var textCount = 0
    var healedAt: UInt64?
    /// What happened, as far as the end does not show it.
    var counts = WorldCounts()
    /// How long after the healing the last thing moved; nil before that is known.
    package private(set) var healingTime: UInt64?
    /// When something other than a sign of life was last sent.
    var movedAt: UInt64 = 0

    package init(_ plan: WorldPlan, keepingLines: Int = 0) throws {
        self.plan = plan
        trace = WorldTrace(keeping: keepingLines)
        lineMaximum = 6000 + plan.devices.count * (1000 + 60 * plan.writesMinimum)
        random = SplitMix64(seed: plan.seed ^ 0x00F1_CA00)
        diskRandom = SplitMix64(seed: plan.seed ^ 0x0D15_C001)
        folder = plan.isOnDisks ? try WorldFolder() : nil
        actsLeft = plan.actCount
        let crash = CrashPoint()
        let key = DeviceKey(using: &random)
        var clock = WorldClock(offset: random.number(in: -2000...2000))
        clock.step = plan.clockStep
        var place: RelayDisk?
        if let folder { place = try RelayDisk(in: folder, using: &diskRandom) }
        relay = WorldRelay(
            key: key, clock: clock, crash: crash,
            log: WorldRelayLog(crash: crash, ledger: ledger, place: place),
            settings: RelaySettings(
                uplinkCredit: plan.relayCredit,
                cachedLogs: plan.cachedLogs))
        try relay.start(now: 0, entropy: SplitMix64(seed: random.next()))
        for index in plan.devices.indices { try addClient(index) }
        note("seed \(plan.seed): \(plan)")
        queue.add(.tickRelay, at: 1000)
        queue.add(.act, at: 1)
        queue.add(.fault, at: drawFaultPause())
        if plan.isOnDisks { queue.add(.diskFault, at: drawDiskFaultPause()) }
    }

    deinit {
        for client in clients { client.holder.stop() }
        relay.log.stop()
    }

    /// A client's store as the plan wants it.
    func makeStore(_ index: Int, crash: CrashPoint) throws -> any SimulatedStore {
        let device = plan.devices[index]
        let base = MemoryHolder(
            user: device.user, seed: random.next(), workspace: Self.workspace,
            now: device.clock.wall(at: 0), seals: seals)
        guard let folder, plan.forger != index, plan.attacker != index else {
            return WorldHolder(base, crash: crash)
        }
        let disk = try SimulatedDisk(
            folder: try folder.makeFolder("client-\(index)"), seed: diskRandom.next())
        return try DiskStore(
            disk: disk,
            profile: StoreProfile(
                workspace: Self.workspace, user: device.user, deviceName: device.name,
                publicKey: base.key.publicKey),
            key: base.key,
            environment: DiskEnvironment(seed: diskRandom.next(), now: base.now), crash: crash)
    }

    /// Lets everything happen until it is quiet or the bound is passed.
    package func run() {
        while let next = queue.next() {
            now = next.time
            handle(next.event)
            var refusals = 0
            if case .tickRelay = next.event {
                if isOver { return }
                refusals = refusalMaximum
            }
            guard refusals < 60 + plan.writesMinimum, trace.lineCount < lineMaximum else {
                return ledger.find(
                    "\(trace.lineCount) things happened, \(refusals) refusals, and no end")
            }
        }
    }

    /// How many refusals the honest client has that has the most.
    private var refusalMaximum: Int {
        clients.indices.map { index in
            clients[index].isMalicious ? 0 : clients[index].holder.refusalCount ?? 0
        }.max() ?? 0
    }

    private var isOver: Bool {
        guard let begin = lastWordsAt ?? healedAt else { return false }
        let maximum = ledger.hasLost ? Self.fillingMaximum : Self.healingMaximum
        let isLate = now >= begin + maximum && (movedAt >= begin + maximum || !unhealed.isEmpty)
        if isLate || now >= begin + 2 * maximum {
            ledger.find("not quiet \(maximum) ms after the healing: \(unquiet)")
            return true
        }
        guard now >= max(movedAt, begin) + Self.quietAfter, unquiet.isEmpty else { return false }
        guard lastWordsAt == nil else { return true }
        healingTime = movedAt - min(begin, movedAt)
        lastWordsAt = now
        sayLastWords()
        return false
    }

    private func handle(_ event: WorldEvent) {
        switch event {
        case .act: act()
        case .fault: goWrong()
        case .diskFault: failSomeDisk()
        case .diskRoom: freeDisks()
        case .heal: heal()
        case .dial(let client, let attempt): dial(client, attempt: attempt)
        case .opened(let id): openAtRelay(id)
        case .arrive(let id, let end): arrive(id, at: end)
        case .gone(let id, let end): lose(id, at: end)
        case .relayTurn: takeRelayTurn()
        case .arriveAtMeeting(let id, let end): arrive(atMeeting: id, end: end)
        case .partMeeting(let id): part(id)
        case .tickClient(let client): tickClient(client)
        case .tickRelay: tickRelay()
        case .restartClient(let client): restartClient(client)
        case .restartRelay: restartRelay()
        case .online(let client): goOnline(client)
        }
    }

    /// How much went wrong.
    package var faultCount: Int { counts.total(.faults) }

    /// Whether nothing goes wrong any more.
    var isHealed: Bool { healedAt != nil }

    func note(_ line: @autoclosure () -> String) {
        let line = line()
        trace.add("\(now) \(line)")
        story.add(now, line)
    }
}
