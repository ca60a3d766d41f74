import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Testing

@Suite struct StoreOpeningTests {
    @Test func `ST2: own writes commit with synchronous FULL, though GRDB sets NORMAL`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let level = try test.store.write { _, db in
            try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        #expect(level == 2)
        let normal = try test.store.write(durability: .normal) { _, db in
            try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        #expect(normal == 1)
        let after = try test.store.pool.writeWithoutTransaction { db in
            try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        #expect(after == 2)
    }

    @Test func `ST1: a second writer gets who holds the store, a reader gets in`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        #expect {
            try Store.open(
                folder: test.folder.path("store"), mode: .writing(command: "second"),
                environment: test.store.environment)
        } throws: { error in
            guard case StoreError.inUse(let process, let command) = error else { return false }
            return process == getpid() && command == "test"
        }
        let reader = try Store.open(
            folder: test.folder.path("store"), mode: .reading,
            environment: test.store.environment)
        #expect(reader.profile == test.store.profile)
        #expect(!reader.isWriting)
    }

    @Test func `nobody else may read the files of a store, whatever folder it is made in`() throws {
        let folder = try TemporaryFolder()
        let test = try TestStore(user: "emma", seed: 1)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let store = try Store.create(
            folder: folder.path, profile: test.store.profile,
            identity: IdentityFile(device: TestStore.key(1), workspace: nil), command: "test",
            environment: test.store.environment)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.contains("fika.sqlite-wal"))
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
            let mode = try #require(attributes[.posixPermissions] as? NSNumber).intValue
            #expect(mode & 0o077 == 0, "\(name)")
        }
        try store.close()
    }

    @Test func `a folder without a store is named`() throws {
        let folder = try TemporaryFolder()
        let test = try TestStore(user: "emma", seed: 1)
        #expect(throws: StoreError.notFound(path: folder.path)) {
            try Store.open(
                folder: folder.path, mode: .reading, environment: test.store.environment)
        }
    }

    @Test func `a store whose making was cut short is none, and is made again`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let (folder, environment) = (test.folder.path("store"), test.store.environment)
        try test.store.write { _, db in try db.execute(sql: "DELETE FROM meta") }
        try test.store.close()
        for mode in [StoreMode.reading, .writing(command: "test")] {
            #expect(throws: StoreError.notFound(path: folder)) {
                try Store.open(folder: folder, mode: mode, environment: environment)
            }
        }
        let again = try Store.create(
            folder: folder, profile: test.store.profile,
            identity: IdentityFile(device: TestStore.key(1), workspace: nil), command: "test",
            environment: environment)
        #expect(again.profile == test.store.profile)
    }

    @Test func `a store with logs that does not know whose it is is damaged, and not made anew`()
        throws
    {
        let test = try TestStore(user: "emma", seed: 1)
        let (folder, environment) = (test.folder.path("store"), test.store.environment)
        _ = try test.makeRoom("Fredagsfika")
        try test.store.write { _, db in try db.execute(sql: "DELETE FROM meta") }
        try test.store.close()
        #expect {
            try Store.open(folder: folder, mode: .reading, environment: environment)
        } throws: {
            guard case StoreError.damaged = $0 else { return false }
            return true
        }
        #expect(throws: StoreError.alreadyExists(path: folder)) {
            try Store.create(
                folder: folder, profile: test.store.profile,
                identity: IdentityFile(device: TestStore.key(2), workspace: nil),
                command: "test", environment: environment)
        }
    }

    @Test func `a store whose making left its first transaction undone is none`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let folder = try TemporaryFolder()
        // What a process leaves that is killed in the middle: the journal that undoes its part.
        let making = try DatabaseQueue(path: folder.path("making"))
        try making.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA cache_size = 1")
            try db.execute(sql: "CREATE TABLE made (bytes BLOB)")
            try db.execute(sql: "BEGIN; INSERT INTO made VALUES (zeroblob(100000))")
            for (name, copy) in [
                ("making", "fika.sqlite"), ("making-journal", "fika.sqlite-journal"),
            ] {
                try folder.write(folder.bytes(of: name), to: copy)
            }
            try db.execute(sql: "ROLLBACK")
        }
        #expect(throws: StoreError.notFound(path: folder.path)) {
            try Store.open(
                folder: folder.path, mode: .reading, environment: test.store.environment)
        }
    }

    @Test func `a store is made once`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        try test.store.close()
        let before = try test.folder.bytes(of: "store/identity")
        #expect {
            try Store.create(
                folder: test.folder.path("store"), profile: test.store.profile,
                identity: IdentityFile(device: TestStore.key(2), workspace: nil),
                command: "again", environment: test.store.environment)
        } throws: { error in
            guard let error = error as? StoreError else { return false }
            switch error {
            case .alreadyExists, .inUse: return true
            default: return false
            }
        }
        #expect(try test.folder.bytes(of: "store/identity") == before)
    }

    @Test func `ST10: a store of a later format is not opened`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        try test.store.write { _, db in
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('999')")
        }
        let folder = test.folder.path("store")
        #expect(throws: StoreError.newerFormat(folder)) {
            try Store.open(
                folder: folder, mode: .reading, environment: test.store.environment)
        }
    }

    @Test func `the folder is its owner's alone, and no secret is in the database`() throws {
        let test = try TestStore(user: "emma", seed: 1)
        let folder = test.folder.path("store")
        let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions]
        #expect(mode as? Int == 0o700)
        try test.store.checkpointTruncating()
        let database = Data(try test.folder.bytes(of: "store/fika.sqlite"))
        #expect(database.range(of: Data(TestStore.key(1).seed)) == nil)
    }
}
