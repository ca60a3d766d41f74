import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import GRDBSQLite
import Testing

/// Each step of a store's life fails at each point in turn: nothing of it stays, and the same step
/// then succeeds.
@Suite struct FailureTests {
    /// Counts calls of SQLite's progress handler and stops the statement at one of them.
    private final class Interruption {
        var calls = 0
        var stopsAt = Int.max
    }

    /// How many steps of SQLite's machine lie between two points at which a step is stopped.
    private static let stride: Int32 = 40

    private let undisturbed: TableDump

    init() throws {
        let workload = try Workload()
        for (_, step) in Workload.steps { try workload.attempt(step) }
        try workload.store.scrub()
        undisturbed = try TableDump(of: workload.store).withoutIndexPages
    }

    private func interrupt(_ store: Store, _ interruption: Interruption?) {
        store.pool.writeWithoutTransaction { db in
            guard let interruption else {
                sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
                return
            }
            sqlite3_progress_handler(
                db.sqliteConnection, Self.stride,
                { context in
                    guard let context else { return 0 }
                    let interruption = Unmanaged<Interruption>.fromOpaque(context)
                        .takeUnretainedValue()
                    interruption.calls += 1
                    return interruption.calls == interruption.stopsAt ? 1 : 0
                }, Unmanaged.passUnretained(interruption).toOpaque())
        }
    }

    /// Expects the end of a run that nothing disturbed.
    private func expectUndisturbedEnd(_ workload: Workload) throws {
        try workload.store.scrub()
        let dump = try TableDump(of: workload.store).withoutIndexPages
        #expect(dump.differences(from: undisturbed) == [])
        let report = try workload.store.verify()
        #expect(report.problems.filter { $0.log != nil } == [])
    }

    @Test func `ST4: a step that is stopped anywhere leaves nothing, and then succeeds`() throws {
        let workload = try Workload()
        for (name, step) in Workload.steps {
            // About a dozen points in each step, the first ones close together.
            var stop = 1
            while true {
                let before = try TableDump(of: workload.store)
                let interruption = Interruption()
                interruption.stopsAt = stop
                interrupt(workload.store, interruption)
                let error = Self.error { try workload.attempt(step) }
                interrupt(workload.store, nil)
                guard let error else { break }
                #expect((error as? DatabaseError)?.resultCode == .SQLITE_INTERRUPT, "\(error)")
                let after = try TableDump(of: workload.store)
                #expect(after.differences(from: before) == [], "\(name), point \(stop)")
                stop += max(1, stop / 2)
            }
        }
        try expectUndisturbedEnd(workload)
    }

    @Test func `ST4: a step on a full disk leaves nothing, and succeeds once there is room`() throws
    {
        let workload = try Workload()
        for (name, step) in Workload.steps {
            var room = 0
            while true {
                let before = try TableDump(of: workload.store)
                try limitPages(of: workload.store, to: room)
                let error = Self.error { try workload.attempt(step) }
                try limitPages(of: workload.store, to: nil)
                guard let error else { break }
                #expect((error as? DatabaseError)?.resultCode == .SQLITE_FULL, "\(error)")
                let after = try TableDump(of: workload.store)
                #expect(after.differences(from: before) == [], "\(name), \(room) pages")
                room += 1
            }
        }
        try expectUndisturbedEnd(workload)
    }

    @Test func `ST4: a read that the disk fails is no damage`() throws {
        let workload = try Workload()
        for (_, step) in Workload.steps { try workload.attempt(step) }
        var number = 1
        while true {
            // What was read before is read again.
            try workload.reopen()
            let store = workload.store
            var error: (any Error)?
            let hasFailed = FailingReads.failing(number, below: workload.folder.path) {
                error = Self.error { _ = try store.verify() }
            }
            guard hasFailed else { break }
            let code = (error as? DatabaseError)?.resultCode
            #expect(code == .SQLITE_IOERR, "read \(number): \(error as Any)")
            number += max(1, number / 4)
        }
        #expect(number > 20)
        #expect(try workload.store.verify().problems.filter { $0.log != nil } == [])
    }

    @Test func `ST6: a read that the disk fails makes nobody's ops bad`() throws {
        let clock = TestClock()
        let emma = try TestStore(user: "emma", seed: 1, clock: clock)
        let omid = try TestStore(user: "omid", seed: 2, clock: clock)
        let room = try emma.makeRoom("Fika")
        try emma.grant("omid", in: room)
        try emma.exchange(with: omid, room)
        let dot = try emma.say("ett", in: room).dot
        try omid.say("två", in: room)
        try emma.store.seal([room])
        // As it goes on in a connection: without what omid knows of emma's replica.
        let segments = try emma.store.read { db in
            try SyncQueries(db).segments(
                of: room, ranges: [(dot.replica, dot.seq...dot.seq)], withCards: false)
        }
        var number = 1
        while true {
            try omid.reopen()
            // What was read while it was opened is read again.
            omid.store.pool.releaseMemory()
            var error: (any Error)?
            let hasFailed = FailingReads.failing(number, below: omid.folder.path) {
                error = Self.error {
                    try omid.store.write { writer, db in
                        for segment in segments { _ = try writer.apply(segment, db) }
                        try writer.seal(room, db)
                    }
                }
            }
            guard hasFailed else { break }
            #expect(error.map(StoreError.isOfSystem) == true, "read \(number): \(error as Any)")
            number += 1
        }
        #expect(number > 5)
    }

    @Test func `a store that is opened again after each failure goes on`() throws {
        let workload = try Workload()
        for (_, step) in Workload.steps {
            let interruption = Interruption()
            interruption.stopsAt = 5
            interrupt(workload.store, interruption)
            let error = Self.error { try workload.attempt(step) }
            interrupt(workload.store, nil)
            try workload.reopen()
            if error != nil { try workload.attempt(step) }
        }
        try expectUndisturbedEnd(workload)
    }

    /// Lets the database grow by so many pages; nil as far as it likes.
    private func limitPages(of store: Store, to room: Int?) throws {
        try store.pool.writeWithoutTransaction { db in
            let count = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            let limit = room.map { count + $0 } ?? 1 << 30
            try db.execute(sql: "PRAGMA max_page_count = \(limit)")
        }
    }

    private static func error(_ body: () throws -> Void) -> (any Error)? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
