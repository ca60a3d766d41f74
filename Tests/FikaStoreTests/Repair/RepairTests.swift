import FikaCRDT
import FikaLog
import FikaSimulation
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Testing

/// A damaged store keeps what verifies, sets the file aside, and gets the rest from others.
@Suite struct RepairTests {
    private let emma: TestStore
    private let omid: TestStore
    private let log: LogID

    /// Emma's room with a hundred messages, all of which Omid holds, and two that nobody has seen.
    init() throws {
        let clock = TestClock()
        emma = try TestStore(user: "emma", seed: 1, clock: clock)
        omid = try TestStore(user: "omid", seed: 2, clock: clock)
        log = try emma.makeRoom("Fredagsfika")
        try emma.grant("omid", in: log)
        for number in 0..<5 {
            for line in 0..<20 { try emma.say("rad \(number).\(line)", in: log) }
            try emma.exchange(with: omid, log)
            try omid.say("omid \(number)", in: log)
        }
        try emma.exchange(with: omid, log)
        try emma.say("ingen har sett detta", in: log)
        try emma.say("eller detta", in: log)
        try emma.store.close()
    }

    private var folder: String { emma.folder.path("store") }

    private func repair() throws -> RepairReport {
        try Store.repair(folder: folder, command: "test", environment: emma.store.environment)
    }

    /// Changes rows as damage would, and closes the file.
    private func damage(_ sql: String) throws {
        let queue = try DatabaseQueue(path: folder + "/fika.sqlite")
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func texts(_ test: TestStore) throws -> [String] {
        try Shown(log, in: test).texts.compactMap { $0 }
    }

    /// The repaired store is whole again after an exchange, and so is the other.
    private func expectWhole() throws {
        try emma.reopen()
        #expect(try emma.store.verify().problems == [])
        try emma.exchange(with: omid, log)
        #expect(try emma.store.verify().problems == [])
        #expect(try omid.store.verify().problems == [])
        let found = try texts(emma)
        #expect(found.count == Set(found).count)
        #expect(Set(found).isSuperset(of: ["rad 0.0", "rad 4.19", "omid 4"]))
        #expect(try Set(texts(omid)) == Set(found))
    }

    @Test func `ST22: a changed block goes, all else stays, the file is set aside`() throws {
        let blocks = "SELECT id FROM segment ORDER BY id LIMIT 1 OFFSET 1"
        try damage("UPDATE segment SET block = zeroblob(length(block)) WHERE id = (\(blocks))")
        let before = try emma.folder.bytes(of: "store/fika.sqlite")
        let report = try repair()
        #expect(report.missingOps > 0)
        #expect(report.keptOps > 0)
        #expect(report.saidAgain == 2)
        #expect(report.lostOps == 0)
        #expect(report.setAside == folder + "/damaged-1.sqlite")
        #expect(try emma.folder.bytes(of: "store/damaged-1.sqlite") == before)
        try expectWhole()
        #expect(try texts(emma).contains("ingen har sett detta"))
        #expect(try texts(emma).contains("eller detta"))
    }

    @Test func `ST22: a table that is not as it was made is named, and repaired`() throws {
        try damage(
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_master SET sql = replace(sql, 'intro_time', 'intro_tome')
            WHERE name = 'replica'
            """)
        let reading = try Store.open(
            folder: folder, mode: .reading, environment: emma.store.environment)
        let problems = try reading.verify().problems.map(\.what)
        #expect(problems.contains("what makes replica is not as it was written"))
        try reading.close()
        let report = try repair()
        // Nothing can be asked of that table, so all comes from others.
        #expect(report.keptOps == 0)
        try expectWhole()
    }

    @Test func `ST22: a store with nothing wrong loses nothing by it`() throws {
        let report = try repair()
        #expect(report.missingOps == 0)
        #expect(report.lostOps == 0)
        try emma.reopen()
        #expect(try texts(emma).count == 107)
        try expectWhole()
        #expect(try texts(emma).count == 107)
    }

    @Test func `ST22: what was sealed and not accepted waits in the outbox as before`() throws {
        let counts = { (test: TestStore) in
            try test.store.read { db in
                try Int.fetchOne(db, sql: "SELECT sum(last - first + 1) FROM outbox") ?? 0
            }
        }
        try emma.reopen()
        let before = try counts(emma)
        try emma.store.close()
        _ = try repair()
        try emma.reopen()
        // The new replica introduces itself; the former's introduction was sealed.
        #expect(try counts(emma) >= before)
        #expect(try texts(emma).count == 107)
    }

    @Test func `ST22: whatever page is gone, what comes of it is true`() throws {
        let original = try emma.folder.bytes(of: "store/fika.sqlite")
        let truth = Set(try texts(omid)).union(["ingen har sett detta", "eller detta"])
        var repaired = 0
        var kept = 0
        for page in stride(from: 0, to: original.count / 4096, by: 4) {
            var bytes = original
            bytes.replaceSubrange(
                page * 4096..<(page + 1) * 4096, with: repeatElement(0, count: 4096))
            try emma.folder.write(bytes, to: "store/fika.sqlite")
            for name in ["-wal", "-shm"] { unlink(folder + "/fika.sqlite" + name) }
            guard let report = try? repair() else { continue }
            repaired += 1
            kept += report.saidAgain
            try emma.reopen()
            #expect(try emma.store.verify().problems == [], "page \(page)")
            try emma.take(omid.exported([log]))
            let found = try texts(emma)
            #expect(found.count == Set(found).count, "page \(page)")
            #expect(Set(found).isSubset(of: truth), "page \(page)")
            #expect(Set(found).isSuperset(of: try texts(omid)), "page \(page)")
            try emma.store.close()
        }
        // All but the few pages without which nothing can be read.
        #expect(repaired >= original.count / 4096 / 4 - 3)
        #expect(kept >= 2 * (repaired - 3))
    }

    @Test func `ST22: a copy that the system does not let read takes nothing's place`() throws {
        let before = try emma.folder.bytes(of: "store/fika.sqlite")
        // What is in the way is in nobody's way until the copy is opened.
        for name in ["-wal", "-shm"] { unlink(folder + "/fika.sqlite" + name) }
        let wal = folder + "/salvage.sqlite-wal"
        #expect(mkdir(wal, 0o700) == 0)
        let profile = emma.store.profile
        #expect(throws: DatabaseError.self) {
            try Store.repair(
                folder: folder, owner: (profile.workspace, profile.user), command: "test",
                environment: emma.store.environment)
        }
        #expect(try emma.folder.bytes(of: "store/fika.sqlite") == before)
        #expect(rmdir(wal) == 0)
        #expect(try repair().saidAgain == 2)
    }

    @Test func `ST22: a repair in which a read fails changes nothing, or succeeds`() throws {
        let before = try emma.folder.bytes(of: "store/fika.sqlite")
        let aside = folder + "/damaged-1.sqlite"
        var number = 1
        var failures = 0
        while true {
            var repaired = Result<RepairReport, any Error>.success(RepairReport())
            let hasFailed = FailingReads.failing(number, below: folder) {
                repaired = Result { try repair() }
            }
            switch repaired {
            case .success(let report):
                // A file that cannot be opened is opened once more.
                #expect(report.saidAgain == 2, "read \(number)")
                #expect(report.missingOps == 0, "read \(number)")
                if hasFailed { try FileManager.default.removeItem(atPath: aside) }
                try emma.folder.write(before, to: "store/fika.sqlite")
            case .failure(let error):
                #expect(StoreError.isOfSystem(error), "read \(number): \(error)")
                failures += 1
            }
            #expect(try emma.folder.bytes(of: "store/fika.sqlite") == before)
            #expect(!hasFailed || !FileManager.default.fileExists(atPath: aside))
            guard hasFailed else { break }
            // Each of the first ones, while files are opened; about three dozen in all.
            number += max(1, number / 8)
        }
        #expect(failures > 20)
        try expectWhole()
    }

    @Test func `ST22: a file that says nothing is repaired for the owner who is named`() throws {
        let size = try emma.folder.bytes(of: "store/fika.sqlite").count
        try emma.folder.write([UInt8](repeating: 0xA5, count: size), to: "store/fika.sqlite")
        #expect {
            try repair()
        } throws: {
            guard case StoreError.damaged = $0 else { return false }
            return true
        }
        let profile = emma.store.profile
        let report = try Store.repair(
            folder: folder, owner: (profile.workspace, profile.user), command: "test",
            environment: emma.store.environment)
        #expect(report.keptOps == 0)
        try expectWhole()
    }
}
