import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaSync
import FikaTestSupport
import Testing

/// Two devices without a relay.
@Suite struct PeerSessionTests {
    /// Both ends, and a wire that hands over whatever they send until they are silent.
    private struct Pair {
        var sessions: [PeerSession]
        var holders: [MemoryHolder]
        /// What each end did beside sending.
        var told: [[SessionAction]] = [[], []]
        /// Frames sent by each end, in order.
        var sent: [[Frame]] = [[], []]

        init(_ caller: MemoryHolder, _ listener: MemoryHolder, credit: UInt64 = 1 << 20) {
            holders = [caller, listener]
            func identity(_ holder: MemoryHolder) -> SessionIdentity {
                SessionIdentity(key: holder.key, workspace: holder.workspace, user: holder.user)
            }
            sessions = [
                .calling(
                    as: identity(caller), nonce: [UInt8](repeating: 1, count: 16),
                    credit: credit),
                .listening(
                    as: identity(listener), nonce: [UInt8](repeating: 2, count: 16),
                    credit: credit, time: listener.now),
            ]
        }

        mutating func connect() throws {
            let first = sessions[1].connected(now: 0)
            _ = sessions[0].connected(now: 0)
            try run(first, by: 1)
        }

        mutating func run(_ actions: [SessionAction], by end: Int) throws {
            var waiting: [(end: Int, actions: [SessionAction])] = [(end, actions)]
            while !waiting.isEmpty {
                let (end, actions) = waiting.removeFirst()
                sent[end] += actions.sent
                told[end] += actions.filter { if case .send = $0 { false } else { true } }
                let other = 1 - end
                guard !actions.sent.isEmpty else { continue }
                let answer = try sessions[other].received(
                    heard(actions.sent), holder: &holders[other])
                waiting.append((other, answer))
            }
        }

        mutating func write(_ end: Int, _ body: (inout MemoryHolder) -> Void) throws {
            body(&holders[end])
            try run(sessions[end].localChanges(holder: &holders[end]), by: end)
        }
    }

    private func users() throws -> (emma: MemoryHolder, omid: MemoryHolder, room: LogID) {
        var emma = try ClientScript.holder("emma", seed: 1)
        let room = emma.makeRoom("Fika")
        emma.grant(try TestStore.user("omid"), in: room)
        return (emma, try ClientScript.holder("omid", seed: 2), room)
    }

    @Test func `P1: both ends name what they hold, then hand over what the other lacks`() throws {
        let (emma, omid, room) = try users()
        var pair = Pair(emma, omid)
        try pair.connect()
        #expect(pair.sent[0].map(\.type) == [.hello, .haves, .done, .batch, .done])
        #expect(pair.sent[1].map(\.type) == [.welcome, .ready, .done, .done])
        #expect(pair.holders[1].ops(of: room) == pair.holders[0].ops(of: room))
        #expect(pair.told[1].last == .phase(.upToDate))
        #expect(pair.told[1].contains(.stored([room])))
    }

    @Test func `P2: both sides hold different ops, and then the same`() throws {
        let (emma, omid, room) = try users()
        var pair = Pair(emma, omid)
        try pair.connect()
        var (left, right) = (pair.holders[0], pair.holders[1])
        for number in 1...100 { left.say("left \(number)", in: room) }
        for number in 1...70 { right.say("right \(number)", in: room) }
        var again = Pair(left, right, credit: 500)
        try again.connect()
        #expect(again.holders[0].ops(of: room).count == 3 + 100 + 71)
        #expect(try LogDump(of: again.holders[0].log) == LogDump(of: again.holders[1].log))
    }

    @Test func `P2: what is written while connected follows`() throws {
        let (emma, omid, room) = try users()
        var pair = Pair(emma, omid)
        try pair.connect()
        try pair.write(1) { $0.say("Semlor!", in: room) }
        try pair.write(0) { $0.say("Gärna", in: room) }
        #expect(try LogDump(of: pair.holders[0].log) == LogDump(of: pair.holders[1].log))
        #expect(pair.holders[0].ops(of: room).count == 6)
        let other = pair.sent[0].count
        try pair.write(0) { _ in }
        #expect(pair.sent[0].count == other, "nothing is sent twice")
    }

    @Test func `P1: only what the other's user may read is named or handed over`() throws {
        var (emma, omid, room) = try users()
        let secret = emma.makeRoom("Secret")
        omid.say("nothing yet", in: omid.makeRoom("Own"))
        var pair = Pair(emma, omid)
        try pair.connect()
        #expect(pair.holders[1].ops(of: secret).isEmpty)
        #expect(pair.holders[0].log.logs() == [room, secret].sorted())
    }

    @Test func `P3: a log is stored only if its user may read it afterwards`() throws {
        var emma = try ClientScript.holder("emma", seed: 11)
        let secret = emma.makeRoom("Secret")
        let pending = try emma.pending().map(\.range)
        let segment = try emma.segments(of: secret, ranges: pending, withCards: true)[0]
        let (other, omid, _) = try users()
        var pair = Pair(other, omid)
        try pair.connect()
        let batch = Batch(log: secret, placements: [], segment: segment.bytes)
        let actions = try pair.sessions[1].received(
            heard([.batch(batch)]), holder: &pair.holders[1])
        #expect(actions.failure == nil)
        #expect(!pair.holders[1].log.logs().contains(secret))
    }

    @Test func `P3: a log that shows only later that it may be read is kept whole`() throws {
        var emma = try ClientScript.holder("emma", seed: 1)
        let room = emma.makeRoom("Fika")
        for number in 1...1500 { emma.say("message \(number)", in: room) }
        emma.grant(try TestStore.user("omid"), in: room)
        var pair = Pair(emma, try ClientScript.holder("omid", seed: 2), credit: 100)
        try pair.connect()
        #expect(pair.holders[1].ops(of: room).count == 1503)
    }

    @Test func `a second branch of a replica stops nothing else`() throws {
        let (emma, omid, room) = try users()
        var pair = Pair(emma, omid)
        try pair.connect()
        // A clone of Emma's device says other things as the same replica.
        var clone = pair.holders[0]
        clone.say("clone", in: room)
        clone.grant(try TestStore.user("olga"), in: room)
        var mine = pair.holders[1]
        var original = pair.holders[0]
        original.say("original", in: room)
        var first = Pair(original, mine)
        try first.connect()
        mine = first.holders[1]
        let held = mine.ops(of: room)
        _ = clone.makeRoom("Other")
        let other = clone.makeRoom("Shared")
        clone.grant(mine.user, in: other)
        var second = Pair(clone, mine)
        try second.connect()
        #expect(second.holders[1].ops(of: room) == held)
        #expect(second.holders[1].ops(of: other).count == 3)
    }

    @Test func `another workspace is not admitted`() throws {
        let emma = try ClientScript.holder("emma", seed: 1)
        let stranger = MemoryHolder(
            user: try TestStore.user("omid"), seed: 2,
            workspace: Hashes.workspaceID(publicKey: TestStore.key(77).publicKey))
        var pair = Pair(stranger, emma)
        try pair.connect()
        #expect(pair.told[1].failure == .notAdmitted)
    }

    @Test func `a recorded hello is not authentic`() throws {
        let (emma, omid, _) = try users()
        var pair = Pair(emma, omid)
        try pair.connect()
        var listener = PeerSession.listening(
            as: SessionIdentity(key: omid.key, workspace: omid.workspace, user: omid.user),
            nonce: [UInt8](repeating: 3, count: 16), time: omid.now)
        _ = listener.connected(now: 0)
        var holder = omid
        let actions = try listener.received(heard([pair.sent[0][0]]), holder: &holder)
        #expect(actions.failure == .notAuthentic)
        #expect(holder.log.logs().isEmpty)
    }

    @Test(arguments: [
        Frame.synced(1), .cursors([]), .done(5),
        .placed(Placed(log: logNumbered(1), placements: [])),
        .haves(Haves(log: logNumbered(1), head: nil, replicas: [])),
        .status(LogStatus(log: logNumbered(1), state: .follows)),
    ])
    func `a device says nothing that only a relay says, and nothing out of turn`(
        _ frame: Frame
    ) throws {
        let (emma, omid, _) = try users()
        var pair = Pair(emma, omid)
        try pair.connect()
        let actions = try pair.sessions[1].received(heard([frame]), holder: &pair.holders[1])
        #expect(actions.failure == .unexpected)
    }

    @Test func `P2: a device's positions do not count`() throws {
        let (emma, omid, room) = try users()
        var pair = Pair(emma, omid)
        try pair.connect()
        let replica = try #require(pair.holders[0].log.replicas(of: room).first)
        let segment = try pair.holders[0].segments(
            of: room, ranges: [ReplicaRange(replica: replica, seqs: 1...3)], withCards: false)[0]
        let placement = Placement(
            replica: replica, seq: 1, count: 3, position: 1, acceptedAt: 1)
        let batch = Batch(log: room, placements: [placement], segment: segment.bytes)
        let actions = try pair.sessions[1].received(
            heard([.batch(batch)]), holder: &pair.holders[1])
        #expect(actions.failure == .unexpected)
        #expect(pair.holders[1].position(of: room) == 0)
    }
}
