import FikaCRDT
import FikaLog
import FikaRelay
import FikaStore
import FikaTestSupport
import GRDB
import Glibc
import Testing

@Suite struct SQLiteRelayLogTests {
    private let relay: TestRelayLog
    private let id = logNumbered(1)

    init() throws {
        relay = TestRelayLog(try TemporaryFolder())
    }

    private func fill(_ log: inout SQLiteRelayLog, upTo last: UInt64) throws {
        var replica = TestReplica(seed: 5, log: id)
        replica.write(upTo: last)
        let start = Hashes.chainStart(log: id, replica: replica.id)
        for seq in 1...last {
            try log.transaction { log in
                _ = try log.append(replica.segment(seq...seq).verified())
                try log.setOrder(
                    LogOrder(
                        log: id, workspace: WorkspaceID(high: 0, low: 1), position: seq,
                        running: start, access: start))
            }
        }
    }

    @Test func `a log that is opened again knows what it knew, and its key is the same`() throws {
        var log = try relay.open()
        let key = log.key.publicKey
        try log.transaction { try $0.begin(Epoch(raw: 4)) }
        try fill(&log, upTo: 10)
        let dump = try RelayDump(of: log)
        try log.close()
        let again = try relay.open()
        #expect(try RelayDump(of: again) == dump)
        #expect(again.key.publicKey == key)
        #expect(!again.isRestored)
    }

    @Test func `RS8: a database of a later format is not opened, and stays as it is`() throws {
        var log = try relay.open()
        try fill(&log, upTo: 3)
        let dump = try RelayDump(of: log)
        try log.close()
        try change("INSERT INTO grdb_migrations VALUES ('later')")
        #expect(throws: StoreError.newerFormat(relay.folder.path)) { try relay.open() }
        try change("DELETE FROM grdb_migrations WHERE identifier = 'later'")
        #expect(try RelayDump(of: relay.open()) == dump)
    }

    private func change(_ sql: String) throws {
        let queue = try DatabaseQueue(path: relay.folder.path("relay.sqlite"))
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test func `RS1: a folder has one relay at a time, and its files are its owner's alone`() throws
    {
        let log = try relay.open()
        #expect(throws: StoreError.inUse(processID: getpid(), command: "test")) {
            try relay.open()
        }
        for name in ["relay.sqlite", "identity", "marker"] {
            #expect(try permissions(name) == 0o600, "\(name)")
        }
        try log.close()
    }

    @Test func `RS2: commits are on disk: the connection runs with synchronous FULL`() throws {
        let log = try relay.open()
        #expect(try log.synchronousMode() == 2)
        try log.close()
    }

    @Test func `RS4 S5: an old database put back begins a new epoch`() throws {
        var log = try relay.open()
        try log.transaction { try $0.begin(Epoch(raw: 4)) }
        try fill(&log, upTo: 3)
        try log.close()
        let old = try relay.folder.bytes(of: "relay.sqlite")
        var second = try relay.open()
        relay.clock.advance(byMilliseconds: 2000)
        try fill(&second, upTo: 5)
        try second.close()
        try relay.folder.write(old, to: "relay.sqlite")
        let restored = try relay.open()
        #expect(restored.isRestored)
        let epoch = try restored.epoch()
        #expect(epoch != nil && epoch != Epoch(raw: 4))
        #expect(try restored.order(of: id)?.position == 3)
        try restored.close()
        let after = try relay.open()
        #expect(!after.isRestored)
        #expect(try after.epoch() == epoch)
        try after.close()
    }

    @Test func `RS7: small segments are merged when nobody waits, and nothing changes`() throws {
        var log = try relay.open()
        try fill(&log, upTo: 70)
        let dump = try RelayDump(of: log)
        #expect(try log.segmentCount() == 70)
        #expect(try log.tidy())
        #expect(try !log.tidy())
        #expect(try log.segmentCount() == 1)
        #expect(try RelayDump(of: log) == dump)
        try log.close()
    }

    @Test func `RS6 E2: an erased body is in no file after the relay has tidied up`() throws {
        var log = try relay.open()
        var replica = TestReplica(seed: 5, log: id)
        let word = "kanelbullekonspirationen"
        let op = replica.write(word)
        try log.transaction { _ = try $0.append(replica.segment(1...2).verified()) }
        #expect(try contains(word))
        try log.transaction { try $0.erase(op.id, residue: []) }
        while try log.tidy() {}
        #expect(try !contains(word))
        #expect(try log.ops(of: replica.id, in: id, seqs: 2...2).first?.body == nil)
        try log.close()
    }

    /// Whether a text stands in any file of the folder; short blocks are stored as they are.
    private func contains(_ word: String) throws -> Bool {
        try ["relay.sqlite", "relay.sqlite-wal"].contains { name in
            let bytes = try relay.folder.bytes(of: name)
            return String(decoding: bytes, as: UTF8.self).contains(word)
        }
    }

    private func permissions(_ name: String) throws -> UInt32 {
        var status = stat()
        try #require(stat(relay.folder.path(name), &status) == 0)
        return status.st_mode & 0o777
    }
}
