import Fika
import FikaTestSupport
import Foundation
import Testing

/// What people see who sync with a real relay, now and then.
@Suite(.timeLimit(.minutes(3)))
struct RelayScenarioTests {
    private let scene: RelayScene
    private var emma: Workspace { scene.emma }
    private let bo: Workspace
    private let room: Room

    /// Emma and Bo are in a room, and both know it.
    init() async throws {
        scene = try await RelayScene()
        bo = try await scene.device(of: "bo")
        room = try await scene.emma.createRoom("Köket", members: ["bo"])
        await scene.sync(scene.emma, bo)
    }

    private var bosRoom: Room { bo.room(room.id) }

    private func expectTexts(_ texts: [String?], _ workspaces: Workspace...) async throws {
        for workspace in workspaces {
            #expect(try await scene.texts(room, on: workspace) == texts, "\(workspace.user)")
        }
        var digests: Set<String> = []
        for workspace in workspaces {
            digests.insert(try await workspace.inspection.digest(of: room.id))
            #expect(try await workspace.inspection.verify().isGood)
        }
        #expect(digests.count == 1)
    }

    @Test(arguments: [true, false])
    func `G13: what is written after a removal is kept, refused, and seen by nobody`(
        hasWritten: Bool
    ) async throws {
        let other = try await emma.createRoom("Verkstan", members: ["bo"])
        await scene.sync(emma, bo)
        if hasWritten {
            try await bosRoom.send("Kvar")
            await scene.sync(bo, emma)
        }
        try await room.remove("bo")
        await scene.sync(emma)
        let after = try await bosRoom.send("Hör ni mig?")
        try await bo.room(other.id).send("Här är jag")
        await scene.sync(bo, emma)
        let item = try #require(try await bo.outbox.items().first { $0.text == "Hör ni mig?" })
        let reasons: [Fika.Delivery] = [.refused(reason: "removed"), .refused(reason: "notMember")]
        #expect(reasons.contains(item.delivery), "\(item.delivery)")
        #expect(item.first == after.id)
        #expect(try await scene.texts(room, on: emma) == (hasWritten ? ["Kvar"] : []))
        #expect(try await scene.texts(other, on: emma) == ["Här är jag"])
        #expect(try await bo.outbox.items().map(\.text) == ["Hör ni mig?"])
        // And it stays so at the next connections.
        try await room.send("Han är borta")
        await scene.sync(emma, bo, bo)
        #expect(try await bo.outbox.items().map(\.first) == [item.first])
        #expect(try await !scene.texts(room, on: bo).contains("Han är borta"))
        try await scene.close()
        #expect(try scene.files(in: "relay", with: "Hör ni mig?") == [])
    }

    @Test(arguments: [false, true])
    func `C1 C3: a clock two hours ahead delivers with the same ids and a time of now`(
        isSealed: Bool
    ) async throws {
        try await scene.close(bo)
        let fast = try await scene.reopen("bo", clockAhead: 2 * 3_600_000)
        let room = fast.room(self.room.id)
        // Sealed before the relay is met again: another device has it.
        let first = try await room.send("ett")
        if isSealed {
            let service = try await fast.serve(on: .relay("127.0.0.1", port: 0))
            #expect(await emma.sync(withDevice: service.address) == .complete)
            await service.stop()
        }
        let second = try await room.send("två")
        await scene.sync(fast, emma)
        // What Emma got from the device is refused when she sends it up, which nothing waits for.
        let link = emma.connect(to: scene.address)
        for await page in self.room.timeline(around: .newest)
        where page.rows.allSatisfy({ $0.time < scene.soon }) { break }
        await link.disconnect()
        try await expectTexts(["ett", "två"], fast, emma)
        for sent in [first, second] {
            guard case .accepted = try await sent.currentDelivery() else {
                Issue.record("it is not delivered")
                continue
            }
            let shown = try await emma.room(room.id).message(sent.id)
            #expect(shown.time < scene.soon)
        }
        #expect(try await fast.outbox.items() == [])
        try await scene.close()
    }

    @Test func `S6: a store that was put back goes on as a new replica, and all is there once`()
        async throws
    {
        let early = try await bosRoom.send("noll")
        try await scene.close(bo)
        let files = FileManager.default
        try files.copyItem(
            atPath: scene.folder.path("bo"), toPath: scene.folder.path("backup"))
        let before = try await scene.reopen("bo")
        try await before.room(room.id).send("ett")
        try await before.room(room.id).send("två")
        await scene.sync(before, emma)
        try await scene.close(before)
        try files.removeItem(atPath: scene.folder.path("bo"))
        try files.moveItem(
            atPath: scene.folder.path("backup"), toPath: scene.folder.path("bo"))
        let restored = try await scene.reopen("bo")
        try await restored.room(room.id).send("tre")
        await scene.sync(restored, emma, restored)
        try await expectTexts(["noll", "ett", "två", "tre"], restored, emma)
        #expect(try await restored.outbox.items() == [])
        #expect(try await emma.room(room.id).message(early.id).text == "noll")
        let replicas = try await emma.inspection.logs().first { $0.id == room.id }?.replicas
        #expect(replicas?.filter { $0.user == "bo" }.count == 2)
        try await scene.close()
    }

    @Test(arguments: [1, 5])
    func `U5: a machine that was set back unnoticed loses nothing, and nobody is stuck`(
        lines: Int
    ) async throws {
        try await bosRoom.send("noll")
        await scene.sync(bo, emma)
        try await scene.close(bo)
        let files = try scene.contents(of: "bo")
        let before = try await scene.reopen("bo")
        try await before.room(room.id).send("ett")
        try await before.room(room.id).send("två")
        await scene.sync(before)
        try await scene.close(before)
        try scene.put(files, into: "bo")
        let back = try await scene.reopen("bo")
        let texts = (1...lines).map { "annat \($0)" }
        for text in texts { try await back.room(room.id).send(text) }
        // Emma gets the branch that nobody accepted first.
        let service = try await back.serve(on: .relay("127.0.0.1", port: 0))
        #expect(await emma.sync(withDevice: service.address) == .complete)
        await service.stop()
        await scene.sync(emma, back, emma, back)
        try await expectTexts(["noll", "ett", "två"] + texts, back, emma)
        #expect(try await back.outbox.items() == [])
        #expect(try await emma.outbox.items() == [])
        try await back.room(room.id).send("vidare")
        await scene.sync(back, emma)
        try await expectTexts(["noll", "ett", "två"] + texts + ["vidare"], back, emma)
        try await scene.close()
    }

    @Test func `E1: a deleted text stands in no file of the relay or of anybody`() async throws {
        let gone = try await room.send("Bort qxkvittrad")
        try await room.send("Kvar hasselmus")
        await scene.sync(emma, bo)
        for name in ["emma", "bo", "relay"] {
            #expect(try !scene.files(in: name, with: "kvittrad").isEmpty, "\(name)")
        }
        try await room.delete(gone.id)
        await scene.sync(emma, bo)
        try await expectTexts([nil, "Kvar hasselmus"], emma, bo)
        try await scene.close()
        for name in ["emma", "bo", "relay"] {
            #expect(try scene.files(in: name, with: "kvittrad") == [], "\(name)")
            #expect(try !scene.files(in: name, with: "hasselmus").isEmpty, "\(name)")
        }
    }

    @Test func `G3: what is sent and deleted offline never reaches the relay`() async throws {
        let gone = try await room.send("hemlig qxkvittrad")
        try await room.edit(gone.id, "hemligare wzgiraff")
        try await room.delete(gone.id)
        try await room.send("Kvar hasselmus")
        await scene.sync(emma, bo)
        try await expectTexts(["Kvar hasselmus"], emma, bo)
        try await scene.close()
        for name in ["emma", "bo", "relay"] {
            for word in ["kvittrad", "wzgiraff"] {
                #expect(try scene.files(in: name, with: word) == [], "\(name)")
            }
            #expect(try !scene.files(in: name, with: "hasselmus").isEmpty, "\(name)")
        }
    }

    @Test func `G4: an edit while the message is under way and one after it`() async throws {
        let row = try await room.send("Kanelbular")
        try await room.edit(row.id, "Kanelbullar")
        await scene.sync(emma, bo)
        try await expectTexts(["Kanelbullar"], emma, bo)
        try await room.edit(row.id, "Kanelbullar!")
        await scene.sync(emma, bo)
        try await expectTexts(["Kanelbullar!"], emma, bo)
        #expect(try await bosRoom.message(row.id).isEdited)
        try await scene.close()
    }

    @Test func `G6: what was written offline stands where it was said, is unread and listed`()
        async throws
    {
        let omid = try await scene.device(of: "omid")
        try await room.invite("omid")
        await scene.sync(emma, omid)
        let late = try await bosRoom.send("Sent")
        try await omid.room(room.id).send("Halv tio")
        await scene.sync(omid, emma)
        try await room.markRead()
        #expect(try await room.summary().unreadCount == 0)
        await scene.sync(bo, emma)
        #expect(try await scene.texts(room, on: emma) == ["Sent", "Halv tio"])
        let unread = try await room.timeline().rows.filter(\.isUnread).map(\.id)
        #expect(unread == [late.id])
        let listed = try await room.lateAbove()
        #expect(listed.map(\.id) == [late.id])
        let (said, arrived) = (listed[0].time, try #require(listed[0].acceptedAt))
        #expect(said <= arrived)
        // Bo writes live, and Emma reads to the end without scrolling up.
        let live = try await bosRoom.send("Nu")
        await scene.sync(bo, emma)
        #expect(try await room.summary().unreadCount == 2)
        #expect(try await room.markRead(from: live.id) == 1)
        #expect(try await room.summary().unreadCount == 1)
        #expect(try await room.lateAbove().map(\.id) == [late.id])
        #expect(try await room.markRead(from: late.id, upTo: late.id) == 1)
        #expect(try await room.lateAbove().isEmpty)
        try await scene.close()
    }

    @Test func `U1: one sync brings up what another device had told, too`() async throws {
        let texts = (1...200).map { "offline \($0)" }
        for text in texts { try await bosRoom.send(text) }
        let service = try await bo.serve(on: .relay("127.0.0.1", port: 0))
        #expect(await emma.sync(withDevice: service.address) == .complete)
        await service.stop()
        await scene.sync(emma)
        let tablet = try await scene.device(of: "emma", in: "tablet")
        await scene.sync(tablet)
        let rows = try await tablet.room(room.id).timeline(limit: 200).rows
        #expect(rows.map(\.text) == texts)
        try await scene.close()
    }

    @Test func `G12: two devices read two rooms, and both rooms are read on both`() async throws {
        let other = try await emma.createRoom("Verkstan", members: ["bo"])
        let laptop = try await scene.device(of: "emma", in: "laptop")
        await scene.sync(emma, bo)
        try await bosRoom.send("I köket")
        try await bo.room(other.id).send("I verkstan")
        await scene.sync(bo, emma, laptop)
        func badge(_ workspace: Workspace) async throws -> Int {
            try await workspace.roomList().map(\.unreadCount).reduce(0, +)
        }
        #expect(try await badge(emma) == badge(laptop))
        try await room.markRead()
        try await laptop.room(other.id).markRead()
        await scene.sync(emma, laptop)
        #expect(try await badge(laptop) == 0)
        await scene.sync(emma)
        #expect(try await badge(emma) == 0)
        try await scene.close()
    }

    @Test func `E1: who types is told to those who are connected, and nothing is stored`()
        async throws
    {
        let links = [emma, bo].map { $0.connect(to: scene.address) }
        for link in links {
            for await state in link.states where state == .upToDate { break }
        }
        let before = try await emma.inspection.statistics().sealed
        var typing = bosRoom.typing.makeAsyncIterator()
        #expect(await typing.next() == [])
        room.setTyping()
        #expect(await typing.next() == ["emma"])
        room.setTyping(false)
        #expect(await typing.next() == [])
        #expect(try await emma.inspection.statistics().sealed == before)
        for link in links { await link.disconnect() }
        try await scene.close()
    }
}
