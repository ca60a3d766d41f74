import FikaSimulation
import FikaTestSupport
import GRDB
import Testing

/// The disk itself: what SQLite is promised, and what may be lost.
struct SimulatedDiskTests {
    private let folder: WorldFolder

    init() throws {
        folder = try WorldFolder()
    }

    private func disk(_ seed: UInt64) throws -> SimulatedDisk {
        try SimulatedDisk(folder: try folder.makeFolder("disk-\(seed)"), seed: seed)
    }

    private func open(_ disk: SimulatedDisk, synchronous: String = "FULL") throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.journalMode = .wal
        let queue = try DatabaseQueue(
            path: disk.folder + "/test.sqlite", configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
            try db.execute(sql: "CREATE TABLE IF NOT EXISTS word (text TEXT)")
        }
        return queue
    }

    private func add(_ word: String, _ queue: DatabaseQueue) throws {
        try queue.write { try $0.execute(sql: "INSERT INTO word VALUES (?)", arguments: [word]) }
    }

    private func words(_ queue: DatabaseQueue) throws -> [String] {
        try queue.read { try String.fetchAll($0, sql: "SELECT text FROM word ORDER BY rowid") }
    }

    /// Writes words, stops there, and says what is left of them.
    private func remains(
        of loss: PowerLoss, synchronous: String, seed: UInt64
    ) throws -> [String] {
        let disk = try disk(seed)
        let queue = try open(disk)
        try add("first", queue)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = \(synchronous)")
        }
        for word in 2...9 { try add("word \(word)", queue) }
        disk.stop(losing: loss)
        try? queue.close()
        try disk.restart()
        let again = try open(disk)
        #expect(
            try again.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok",
            "\(loss), seed \(seed)")
        let words = try words(again)
        try again.close()
        return words
    }

    @Test(arguments: PowerLoss.allCases)
    func `a commit that was synced survives every loss of power`(loss: PowerLoss) throws {
        for seed in Seeds(1, count: 12) {
            let words = try remains(of: loss, synchronous: "FULL", seed: seed)
            #expect(words == ["first"] + (2...9).map { "word \($0)" }, Seeds.replay(seed))
        }
    }

    @Test(arguments: PowerLoss.allCases)
    func `of commits that were not synced the first ones survive, or none`(loss: PowerLoss) throws {
        var counts: Set<Int> = []
        for seed in Seeds(1, count: 12) {
            let words = try remains(of: loss, synchronous: "NORMAL", seed: seed)
            let all = ["first"] + (2...9).map { "word \($0)" }
            #expect(words == Array(all.prefix(words.count)), Seeds.replay(seed))
            counts.insert(words.count)
        }
        switch loss {
        case .forgets: #expect(counts == [1])
        case .keeps: #expect(counts == [9])
        case .keepsFirst: #expect(counts.count > 2)
        case .tearsSectors, .tearsPages, .leavesGarbage: #expect(counts.contains { $0 < 9 })
        }
    }

    @Test func `a process that stops loses nothing that was committed`() throws {
        let disk = try disk(1)
        let queue = try open(disk, synchronous: "NORMAL")
        try add("word", queue)
        disk.stop()
        #expect(throws: DatabaseError.self) { try add("late", queue) }
        try? queue.close()
        try disk.restart()
        #expect(try words(open(disk)) == ["word"])
    }

    @Test func `a disk that is full takes writes again once there is room`() throws {
        let disk = try disk(1)
        let queue = try open(disk)
        disk.setRoom(5000)
        let error = #expect(throws: DatabaseError.self) {
            for number in 0..<20 { try add("word \(number)", queue) }
        }
        #expect(error?.resultCode == .SQLITE_FULL)
        #expect(disk.isToBlame())
        let count = try words(queue).count
        disk.setRoom(nil)
        try add("room again", queue)
        #expect(try words(queue).count == count + 1)
        #expect(!disk.isToBlame())
    }

    @Test(arguments: DiskFault.allCases)
    func `the n-th operation fails, and what returned before is there`(fault: DiskFault) throws {
        for count in 0..<40 {
            let disk = try disk(UInt64(count))
            var queue = try open(disk)
            disk.arm(fault, after: count)
            var returned: [String] = []
            for number in 0..<8 where (try? add("word \(number)", queue)) != nil {
                returned.append("word \(number)")
            }
            #expect(disk.struck[fault] == (disk.isArmed ? nil : 1))
            disk.stop(losing: count.isMultiple(of: 2) ? nil : .forgets)
            try? queue.close()
            try disk.restart()
            queue = try open(disk)
            let found = try words(queue)
            #expect(returned.allSatisfy(found.contains), "\(fault) after \(count)")
            try queue.close()
        }
    }

    @Test func `folders that nobody simulates are left alone`() throws {
        let disk = try disk(1)
        _ = try open(disk)
        let count = disk.operationCount
        #expect(count > 0)
        disk.stop()
        let other = try folder.makeFolder("other")
        let queue = try DatabaseQueue(path: other + "/test.sqlite")
        try queue.write { try $0.execute(sql: "CREATE TABLE word (text TEXT)") }
        #expect(disk.operationCount == count)
    }
}
