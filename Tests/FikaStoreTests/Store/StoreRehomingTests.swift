import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import Testing

@Suite struct StoreRehomingTests {
    private func listing(_ test: TestStore, _ room: LogID) throws -> [LogListing.Replica] {
        try test.store.read { try LogInspector($0).listing(of: room)?.replicas ?? [] }
    }

    @Test func `S6: a store opened again as it was goes on as the same replica`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        try test.store.seal([room])
        try test.reopen()
        try test.say("här", in: room)
        #expect(try listing(test, room).count == 1)
    }

    @Test func `S6: a copied folder goes on as a new replica and re-homes what was unsealed`()
        throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        try test.store.seal([room])
        let unsent = try test.say("ej skickat", in: room)
        let copy = try test.copied(seed: 2)
        let replicas = try listing(copy, room)
        #expect(replicas.map(\.own).sorted { $0.rawValue < $1.rawValue } == [.current, .former])
        #expect(try copy.ops(of: room).compactMap(\.origin?.dot) == [unsent.dot])
        try copy.say("som ny", in: room)
        let third = try TestStore(user: "emma", seed: 3)
        try third.take(test.exported([room]))
        try third.take(copy.exported([room]))
        #expect(try listing(third, room).count == 2)
    }

    @Test func `S6: what was read stays read in a copy, though the mark was not sealed`() throws {
        let emma = try TestStore(user: "emma", seed: 1)
        let omid = try TestStore(user: "omid", seed: 2)
        let room = try emma.makeRoom("Fredagsfika")
        try emma.grant("omid", in: room)
        let said = try emma.say("Bullar?", in: room)
        try omid.take(emma.exported([room]))
        let mark = ReplicaMarks(replica: said.dot.replica, seqs: IntervalSet([1...said.dot.seq]))
        try omid.store.write { writer, db in
            let personal = try writer.prepare(writer.profile.personalLog, db)
            let body = ReadMarkBody(log: room, marks: [mark]).body
            _ = try writer.write([OpDraft(.readMark, body: body)], to: personal, db)
        }
        let copy = try omid.copied(seed: 3)
        #expect(try copy.store.read { try ViewQueries($0).unread(in: room).rows } == 0)
        #expect(try copy.store.verify().problems == [])
    }

    @Test func `S6: an old database put back is found, and no seq is used twice`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let room = try test.makeRoom("Fredagsfika")
        try test.say("före", in: room)
        try test.store.checkpointTruncating()
        let old = try test.folder.bytes(of: "store/fika.sqlite")
        try test.say("efter", in: room)
        let handed = try test.exported([room])
        try test.store.close()
        for name in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(
                atPath: test.folder.path("store/fika.sqlite" + name))
        }
        try test.folder.write(old, to: "store/fika.sqlite")
        try test.reopen()
        try test.say("igen", in: room)
        let other = try TestStore(user: "emma", seed: 2)
        try other.take(handed)
        try other.take(test.exported([room]))
        try test.take(handed)
        #expect(try listing(test, room).count == 2)
        #expect(try listing(other, room).count == 2)
    }
}
