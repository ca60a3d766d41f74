import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSync
import FikaTestSupport
import Testing

/// The relay's core and real client sessions, with no network between them.
@Suite struct WholeClientTests {
    @Test func `Two people talk, one is cut off, both write, and both hold the same`() throws {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let omids = try stage.connect(stage.newHolder("omid", seed: 2))
        let omid = try #require(UserID("omid"))
        let room = try stage.write(emmas) { holder in
            let room = holder.makeRoom("Fika")
            holder.grant(omid, in: room)
            holder.say("Kanelbullar?", in: room)
            return room
        }
        _ = try stage.write(omids) { $0.say("Semlor!", in: room) }
        var away = try stage.disconnect(omids)
        away.say("under the bridge", in: room)
        _ = try stage.write(emmas) { $0.say("still there?", in: room) }
        let back = try stage.connect(away)
        let left = try stage.holder(emmas)
        let right = try stage.holder(back)
        #expect(left.ops(of: room).count == 8)
        #expect(Set(left.ops(of: room)) == Set(right.ops(of: room)))
        #expect(left.cursor(of: room) == right.cursor(of: room))
        #expect(right.refusals.isEmpty)
    }

    @Test func `R6: with 1,000 rooms an idle reconnect is one round trip in 256 bytes`() throws {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let rooms = try stage.write(emmas) { holder in
            (0..<1000).map { holder.makeRoom("room \($0)") }
        }
        let laptop = try stage.connect(stage.newHolder("emma", seed: 3))
        let away = try stage.disconnect(laptop)
        #expect(away.cursor(of: rooms[999])?.position == 2)
        stage.now += 60000
        let idle = try stage.connect(away)
        #expect(stage.transcript(idle) == "welcome ready(equal) synced")
        #expect(try #require(stage.clients[idle]).bytesDown <= 256)
        #expect(try #require(stage.clients[idle]).bytesUp <= 256)
        let again = try stage.disconnect(idle)
        _ = try stage.write(emmas) { $0.say("one message behind", in: rooms[500]) }
        let behind = try stage.connect(again)
        #expect(
            stage.transcript(behind)
                == "welcome ready(changesFollow) follows(2...3) names brief synced")
        #expect(try #require(stage.clients[behind]).bytesDown <= 400)
        #expect(try #require(stage.clients[behind]).bytesUp <= 400)
        #expect(try stage.holder(behind).cursor(of: rooms[500])?.position == 3)
    }

    @Test func `A4: who is put out while away keeps what was written meanwhile`() throws {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let omids = try stage.connect(stage.newHolder("omid", seed: 2))
        let omid = try #require(UserID("omid"))
        let (room, grant) = try stage.write(emmas) { holder in
            let room = holder.makeRoom("Fika")
            return (room, holder.grant(omid, in: room).id.dot)
        }
        _ = try stage.write(omids) { $0.say("Semlor!", in: room) }
        var away = try stage.disconnect(omids)
        away.say("under the bridge", in: room)
        _ = try stage.write(emmas) { $0.write(.revoke, target: grant, body: [], in: room) }
        let back = try stage.connect(away)
        var left = try stage.holder(back)
        #expect(left.kept.count == 1)
        #expect(left.ended == [room])
        #expect(try left.pending().isEmpty)
        let again = try stage.connect(stage.disconnect(back))
        #expect(try stage.holder(again).kept.count == 1)
    }

    @Test func `A4: what a closed replica said before its close goes up to a relay that lost it`()
        throws
    {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let omids = try stage.connect(stage.newHolder("omid", seed: 2))
        let omid = try #require(UserID("omid"))
        let room = try stage.write(emmas) { holder in
            let room = holder.makeRoom("Fika")
            holder.grant(omid, in: room)
            return room
        }
        let emma = try stage.disconnect(emmas)
        _ = try stage.write(omids) { holder in
            holder.say("Semlor!", in: room)
            holder.write(.leave, body: [], in: room)
        }
        let position = stage.core.storage.order(of: room)?.position
        #expect(position == 8, "with two introductions and the relay's close")
        let away = try stage.disconnect(omids)
        stage.core = try RelayCore(
            key: stage.relayKey, log: MemoryRelayLog(), settings: RelaySettings(), now: stage.now,
            entropy: SplitMix64(seed: 8))
        _ = try stage.connect(emma)
        let again = try stage.connect(away)
        #expect(stage.core.storage.order(of: room)?.position == position)
        var left = try stage.holder(again)
        #expect(try left.pending().isEmpty)
    }

    @Test func `R7: who brings a room that they have left elsewhere hears that it is over`() throws
    {
        var stage = try RelayStage()
        var phone = try stage.newHolder("emma", seed: 1)
        let room = phone.makeRoom("Fika")
        var clone = phone
        clone.goOnAnew(seed: 2)
        let clones = try stage.connect(clone)
        _ = try stage.write(clones) { $0.write(.leave, body: [], in: room) }
        // It has sent nothing of the room yet, so it has no cursor to show.
        let phones = try stage.connect(phone)
        #expect(try stage.holder(phones).ended == [room])
        #expect(try !stage.holder(phones).mayRead(room, phone.user))
    }

    @Test func `R7: who writes on in a room that was brought and left by others hears of it`()
        throws
    {
        var stage = try RelayStage()
        let first = try stage.connect(stage.newHolder("emma", seed: 1))
        _ = try stage.write(first) { $0.makeRoom("Kaffe") }
        var phone = try stage.disconnect(first)
        let room = phone.makeRoom("Fika")
        _ = try phone.pending()
        let own = try #require(phone.log.replicas(of: room).first)
        let ranges = [ReplicaRange(replica: own, seqs: 1...2)]
        // A tablet met the phone, and has been to the relay since.
        let tablet = try stage.join("emma", seed: 6)
        try stage.upload(phone.segments(of: room, ranges: ranges, withCards: true), from: tablet)
        var leaving = TestReplica(seed: 7, log: room, user: "emma")
        leaving.write(ChatKind.leave.kind, body: [])
        try stage.upload(leaving.segments, from: tablet)
        phone.say("still here", in: room)
        let phones = try stage.connect(phone)
        var back = try stage.holder(phones)
        #expect(back.ended == [room])
        #expect(try back.pending().isEmpty)
        #expect(back.kept.count == 1)
    }

    @Test func `C2: a clock that is set while connected costs one refusal, and no text`() throws {
        var stage = try RelayStage()
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        let room = try stage.write(emmas) { $0.makeRoom("Fika") }
        let tenYears: UInt64 = 10 * 365 * 86_400_000
        let time = stage.now
        try stage.writeAlone(emmas) { holder in
            holder.now += tenYears
            holder.say("from the future", in: room)
        }
        let left = try stage.holder(emmas)
        #expect(left.refusals.count == 1)
        let said = try #require(left.ops(of: room).first { $0.origin != nil })
        #expect(said.kind == ChatKind.message.kind)
        #expect(said.time.milliseconds <= time + 300_000)
        #expect(left.cursor(of: room)?.position == stage.core.storage.order(of: room)?.position)
    }

    @Test func `D6: a relay that uses little of a client's window gets credit back in time`() throws
    {
        var stage = try RelayStage(settings: RelaySettings(downlinkCredit: 1000))
        let emmas = try stage.connect(stage.newHolder("emma", seed: 1))
        var random = SplitMix64(seed: 4)
        let texts = (0..<100).map { _ in
            (0..<50).map { _ in String(random.next(), radix: 36) }.joined(separator: " ")
        }
        let rooms = try stage.write(emmas) { holder in
            (0..<3).map { number in
                let room = holder.makeRoom("room \(number)")
                for text in texts { holder.say(text, in: room) }
                return room
            }
        }
        let laptop = try stage.connect(stage.newHolder("emma", seed: 3))
        for room in rooms {
            #expect(try stage.holder(laptop).cursor(of: room)?.position == 102)
        }
    }
}
