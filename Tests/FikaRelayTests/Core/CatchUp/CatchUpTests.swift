import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// What a connection is sent that is behind, in which order, and when it is told that it is not.
@Suite struct CatchUpTests {
    /// Emma's personal log with so many ops.
    private func personal(_ stage: RelayStage, upTo last: UInt64) throws -> TestReplica {
        let preimage = LogPreimage(
            workspace: stage.workspace, kind: .personal, users: [try #require(UserID("emma"))])
        var replica = TestReplica(
            seed: 40, log: Hashes.derivedLogID(preimage), preimage: preimage)
        while replica.last < last {
            replica.write(.void, body: [])
        }
        return replica
    }

    @Test func `D2: personal logs come first and whole, then starts, then all logs in turns`()
        throws
    {
        var stage = try RelayStage()
        let emmas = try stage.join("emma", credit: 1 << 22)
        var rooms = [TestReplica.founder(seed: 11), .founder(seed: 13)].sorted { $0.log < $1.log }
        for index in rooms.indices {
            rooms[index].write(upTo: 2500)
            try stage.upload(rooms[index].handOver(), from: emmas)
        }
        var own = try personal(stage, upTo: 1500)
        try stage.upload(own.handOver(), from: emmas)
        let phone = try stage.join("emma", credit: 1 << 24, seed: 6)
        let (first, second) = (rooms[0].log, rooms[1].log)
        let names: [LogID: String] = [own.log: "own", first: "first", second: "second"]
        let told = stage.hear(phone).compactMap { frame -> String? in
            guard case .batch(let batch) = frame else { return nil }
            return "\(names[batch.log] ?? "?") \(frame.word)"
        }
        #expect(
            told == [
                "own batch(1024)", "own batch(476)",
                "first batch(2)", "first batch(50)", "second batch(2)", "second batch(50)",
                "first batch(1022)", "second batch(1022)", "first batch(1024)",
                "second batch(1024)", "first batch(402)", "second batch(402)",
            ])
    }

    @Test func `D2: the first page has 50 rows, whatever else was written last`() throws {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        emma.write(upTo: 1400)
        for _ in 0..<100 {
            emma.write(
                ChatKind.reaction.kind, body: Reaction("🍰", isOn: true).body,
                target: emma.dot(1400))
        }
        let emmas = try stage.join("emma", credit: 1 << 22)
        try stage.upload(emma.handOver(), from: emmas)
        let phone = try stage.join("emma", credit: 1 << 22, seed: 6)
        let batches = stage.hear(phone).compactMap { frame -> Batch? in
            if case .batch(let batch) = frame { batch } else { nil }
        }
        let page = try SealedSegment(bytes: batches[1].segment).segment
        #expect(page.rows.count { $0.kind == ChatKind.message.kind } == 50)
        #expect(page.rows.count == 150)
    }

    @Test func `D1 D3: positions come in order without a gap, each batch with those of its ops`()
        throws
    {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        emma.write(upTo: 2500)
        try stage.upload(emma.handOver(), from: try stage.join("emma", credit: 1 << 22))
        let phone = try stage.join("emma", credit: 1 << 24, seed: 6)
        let batches = stage.hear(phone).compactMap { frame -> Batch? in
            if case .batch(let batch) = frame { batch } else { nil }
        }
        for batch in batches {
            let segment = try SealedSegment(bytes: batch.segment).segment
            let placed = batch.placements.flatMap { run in
                (0..<run.count).map { Dot(replica: run.replica, seq: run.seq + $0) }
            }
            #expect(Set(segment.rows.map { segment.dot($0) }).isSubset(of: placed))
        }
        // After the early lane the page, and what lets it be verified by itself.
        #expect(try SealedSegment(bytes: batches[1].segment).cards == [emma.card])
        let positions = batches.dropFirst(2).flatMap { batch in
            batch.placements.flatMap { Array($0.position..<$0.position + $0.count) }
        }
        #expect(positions == Array(1...2500))
    }

    @Test func `R2: the running hash is over all accepted ops, the access hash over access ops`()
        throws
    {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        emma.write(upTo: 9)
        try stage.upload(emma.handOver(), from: try stage.join("emma"))
        let order = try #require(stage.core.storage.order(of: emma.log))
        var running = Hashes.digest(Array("fika:rs1".utf8) + emma.log.bytes)
        var access = running
        var accessOps = 0
        for (index, op) in emma.ops.enumerated() {
            running = Hashes.digest(Array("fika:rh1".utf8) + running.bytes + op.hash.bytes)
            guard KindFlags(of: op.kind).contains(.access) else { continue }
            let position = withUnsafeBytes(of: UInt64(index + 1).bigEndian) { Array($0) }
            access = Hashes.digest(
                Array("fika:ra1".utf8) + access.bytes + op.hash.bytes + position)
            accessOps += 1
        }
        #expect(order.running == running)
        #expect(order.access == access)
        #expect((1..<9).contains(accessOps))
    }

    @Test func `R8: with anything new it is said again after 30 s, and else not`() throws {
        var stage = try RelayStage()
        var emma = TestReplica.founder()
        let emmas = try stage.join("emma")
        let phone = try stage.join("emma", seed: 6)
        _ = stage.hear(phone)
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(phone) == "follows(0...2) batch(2) synced")
        func second(_ stage: inout RelayStage) throws -> [Frame] {
            // Nobody falls silent.
            for id in [emmas, phone] { try stage.send([.pong(0)], from: id) }
            try stage.tick()
            return stage.hear(phone)
        }
        let saidAt = stage.now
        for _ in 0..<40 {
            let heard = try second(&stage).filter { $0.word != "head" }
            #expect(heard.isEmpty, "nothing is new")
        }
        emma.write("something new")
        try stage.upload(emma.handOver(), from: emmas)
        #expect(stage.transcript(phone) == "names brief")
        let acceptedAt = stage.now
        #expect(acceptedAt >= saidAt + 30000)
        let heard = try second(&stage)
        #expect(heard.map(\.word) == ["head", "synced"])
        #expect(heard.last == .synced(acceptedAt + 1000))
        emma.write("and again")
        try stage.upload(emma.handOver(), from: emmas)
        var waited = 0
        while try !second(&stage).contains(where: { $0.word == "synced" }) { waited += 1 }
        #expect(waited == 29)
    }

    @Test func `R6: who was put out while away is told what changed, without cursors`() throws {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let omids = try stage.connect(stage.newHolder("omid", seed: 2))
        let omid = try #require(UserID("omid"))
        let (rooms, grants) = try stage.write(emmas) { holder in
            let rooms = (1...3).map { holder.makeRoom("room \($0)") }
            return (rooms, rooms.prefix(2).map { holder.grant(omid, in: $0).id.dot })
        }
        stage.now += 5000
        let away = try stage.disconnect(omids)
        _ = try stage.write(emmas) { holder in
            holder.write(.revoke, target: grants[0], body: [], in: rooms[0])
            holder.say("without Omid", in: rooms[0])
            holder.grant(omid, in: rooms[2])
        }
        let back = try stage.connect(away)
        let words = stage.transcript(back).split(separator: " ").map(String.init)
        #expect(words.starts(with: ["welcome", "ready(changesFollow)"]))
        #expect(words.contains { $0.hasPrefix("ended") })
        #expect(words.contains("follows(0...3)"))
        #expect(!words.contains { $0.hasPrefix("follows(3") }, "of the second room nothing")
        let now = try stage.holder(back)
        #expect(now.ended == [rooms[0]])
        #expect(!now.ops(of: rooms[0]).contains { $0.kind == ChatKind.message.kind })
        #expect(now.cursor(of: rooms[2])?.position == 3)
        stage.now += 5000
        let again = try stage.connect(stage.disconnect(back))
        #expect(stage.transcript(again) == "welcome ready(equal) synced")
    }

    @Test func `C1: who got a log from a device compares, and is sent positions alone`() throws {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let omid = try #require(UserID("omid"))
        let room = try stage.write(emmas) { holder in
            let room = holder.makeRoom("Fika")
            holder.grant(omid, in: room)
            holder.say("Kanelbullar?", in: room)
            return room
        }
        var tablet = try stage.newHolder("omid", seed: 2)
        for segment in try segments(of: room, by: stage.holder(emmas)) {
            try tablet.store([.ops(segment, [])])
        }
        tablet.now = stage.now
        tablet.say("Semlor!", in: room)
        let omids = try stage.connect(tablet)
        #expect(
            stage.transcript(omids)
                == "welcome ready(cursorsWanted) compare(0...4) haves placed(4) synced placed(2)")
        let (left, right) = (try stage.holder(emmas), try stage.holder(omids))
        #expect(left.cursor(of: room)?.position == 6)
        #expect(left.cursor(of: room) == right.cursor(of: room))
        #expect(Set(left.ops(of: room)) == Set(right.ops(of: room)))
    }

    @Test func `C1: what others wrote goes up by whoever has it`() throws {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let omid = try #require(UserID("omid"))
        let room = try stage.write(emmas) { holder in
            let room = holder.makeRoom("Fika")
            holder.grant(omid, in: room)
            return room
        }
        // Emma's phone is offline; what it says reaches Omid's tablet, which then comes by.
        var phone = try stage.newHolder("emma", seed: 3)
        var tablet = try stage.newHolder("omid", seed: 2)
        for segment in try segments(of: room, by: stage.holder(emmas)) {
            try phone.store([.ops(segment, [])])
            try tablet.store([.ops(segment, [])])
        }
        phone.now = stage.now
        phone.say("from under the bridge", in: room)
        _ = try phone.pending()
        for segment in try segments(of: room, by: phone) {
            try tablet.store([.ops(segment, [])])
        }
        tablet.now = stage.now
        let omids = try stage.connect(tablet)
        let (left, right) = (try stage.holder(emmas), try stage.holder(omids))
        #expect(left.ops(of: room).count { $0.kind == ChatKind.message.kind } == 1)
        #expect(left.cursor(of: room) == right.cursor(of: room))
        #expect(left.cursor(of: room)?.position == 5)
    }

    private func segments(of room: LogID, by holder: MemoryHolder) throws -> [SealedSegment] {
        let ranges = holder.haves(of: room).replicas.flatMap { entry in
            entry.intervals.map { ReplicaRange(replica: entry.replica, seqs: $0.seqs) }
        }
        return try holder.segments(of: room, ranges: ranges, withCards: true)
    }
}
