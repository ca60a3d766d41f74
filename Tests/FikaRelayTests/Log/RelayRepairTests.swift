import FikaCRDT
import FikaLog
import FikaRelay
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Testing

/// RS9: what is damaged is found, named and set aside before it is served.
@Suite struct RelayRepairTests {
    private let folder: TemporaryFolder
    private let relay: TestRelayLog
    private let id = logNumbered(1)

    /// A relay with an order over ten ops, closed.
    init() throws {
        folder = try TemporaryFolder()
        relay = TestRelayLog(folder)
        var log = try relay.open()
        var replica = TestReplica(seed: 5, log: id)
        replica.write(upTo: 10)
        let start = RunningHash.start(log: id)
        try log.transaction { log in
            try log.begin(Epoch(raw: 4))
            _ = try log.append(replica.segment(1...10).verified())
            var running = start
            for (op, position) in zip(replica.ops, 1...UInt64(10)) {
                running = RunningHash.next(after: running, opHash: op.hash)
                try log.place(
                    Placement(
                        replica: replica.id, seq: position, count: 1, position: position,
                        acceptedAt: 1000),
                    running: running, in: id)
            }
            try log.setOrder(
                LogOrder(
                    log: id, workspace: WorkspaceID(high: 0, low: 1), position: 10,
                    running: running, access: start))
        }
        try log.close()
    }

    private func find() throws -> RelayRepair.Finding? {
        try RelayRepair.run(folder: folder.path, command: "test")
    }

    private func damage(_ sql: String) throws {
        let queue = try DatabaseQueue(path: folder.path("relay.sqlite"))
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test func `RS9: what is sound stays`() throws {
        #expect(try find() == nil)
        #expect(try relay.open().logs() == [id])
    }

    @Test func `RS9: what cannot be read is not set aside`() throws {
        var number = 1
        while true {
            var found = Result<RelayRepair.Finding?, any Error>.success(nil)
            let hasFailed = FailingReads.failing(number, below: folder.path) {
                found = Result { try find() }
            }
            guard hasFailed else {
                #expect(try found.get() == nil)
                break
            }
            // Of the reads while it is opened one is made again.
            if case .failure(let error) = found {
                #expect(StoreError.isOfSystem(error), "read \(number): \(error)")
            } else {
                #expect(try found.get() == nil, "read \(number)")
            }
            number += 1
        }
        #expect(number > 20)
        #expect(try relay.open().logs() == [id])
    }

    @Test func `RS9: a folder without a database has nothing to check`() throws {
        let empty = try TemporaryFolder()
        #expect(try RelayRepair.run(folder: empty.path, command: "test") == nil)
    }

    @Test(arguments: [
        "UPDATE segment SET block = zeroblob(length(block))",
        "UPDATE seal SET signature = zeroblob(64)",
        "UPDATE placement SET running = zeroblob(32) WHERE position = 4",
        "UPDATE placement SET seq = 5 WHERE position = 4",
        "UPDATE log_order SET running = zeroblob(32)",
        """
        PRAGMA writable_schema = ON;
        UPDATE sqlite_master SET sql = replace(sql, 'access BLOB', 'gccess BLOB')
        WHERE name = 'log_order'
        """,
    ])
    func `RS9: damage is named, the file set aside, and the relay begins empty`(
        _ sql: String
    ) throws {
        let key = try relay.open().key.publicKey
        try damage(sql)
        let before = try folder.bytes(of: "relay.sqlite")
        let found = try #require(try find())
        #expect(!found.problems.isEmpty)
        #expect(found.setAside == folder.path("damaged-1.sqlite"))
        #expect(try folder.bytes(of: "damaged-1.sqlite") == before)
        let log = try relay.open()
        #expect(try log.logs() == [])
        #expect(log.key.publicKey == key)
        try log.close()
        #expect(try find() == nil)
    }

    @Test func `RS9: a file that is no database is set aside`() throws {
        try folder.write([UInt8](repeating: 0xA5, count: 8192), to: "relay.sqlite")
        #expect(try find()?.setAside == folder.path("damaged-1.sqlite"))
        try folder.write([UInt8](repeating: 0xA5, count: 8192), to: "relay.sqlite")
        #expect(try find()?.setAside == folder.path("damaged-2.sqlite"))
    }

    @Test func `RS9: a database that the system does not let read is not set aside`() throws {
        let wal = folder.path("relay.sqlite-wal")
        #expect(mkdir(wal, 0o700) == 0)
        #expect {
            try find()
        } throws: {
            guard case StoreError.system = $0 else { return false }
            return true
        }
        #expect(rmdir(wal) == 0)
        #expect(try find() == nil)
        #expect(try relay.open().logs() == [id])
    }

    @Test func `RS9: a relay that serves is not checked`() throws {
        let log = try relay.open()
        #expect(throws: StoreError.inUse(processID: getpid(), command: "test")) { try find() }
        try log.close()
    }
}
