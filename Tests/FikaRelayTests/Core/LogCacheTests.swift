import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync
import FikaTestSupport
import Testing

/// What the relay keeps in mind of logs is let go of and loaded again without a difference.
@Suite struct LogCacheTests {
    /// What is on disk after a day, and all that was said to everybody.
    private struct Day: Equatable {
        var log: LogDumpPair
        var heard: [String]
    }

    /// Six rooms in which two people talk in turns, one is put out, and a new device comes.
    private func day(cachedLogs: Int) throws -> Day {
        var stage = try RelayStage(settings: RelaySettings(cachedLogs: cachedLogs))
        let emmas = try stage.join("emma")
        let omids = try stage.join("omid", seed: 6)
        var rooms = (0..<6).map { TestReplica.founder(seed: 20 + $0) }
        var guests: [TestReplica] = []
        var grants: [Op] = []
        for index in rooms.indices {
            grants.append(try rooms[index].grant("omid"))
            guests.append(
                TestReplica(seed: 30 + UInt64(index), log: rooms[index].log, user: "omid"))
        }
        for turn in 0..<5 {
            for index in rooms.indices {
                rooms[index].write("turn \(turn)")
                try stage.upload(rooms[index].handOver(), from: emmas)
                guests[index].write("answer \(turn)")
                try stage.upload(guests[index].handOver(), from: omids)
            }
            try stage.tick()
        }
        rooms[2].revoke(grants[2])
        try stage.upload(rooms[2].handOver(), from: emmas)
        guests[2].write("too late")
        try stage.upload(guests[2].handOver(), from: omids)
        let phone = try stage.join("omid", seed: 7)
        let heard = [emmas, omids, phone].flatMap { stage.hear($0).map { "\($0)" } }
        return Day(log: LogDumpPair(stage.core.storage), heard: heard)
    }

    @Test(arguments: [1, 2, 3, 5])
    func `a relay that remembers few logs says and stores the same`(cachedLogs: Int) throws {
        let expected = try day(cachedLogs: 4096)
        #expect(expected.heard.count > 100)
        let day = try day(cachedLogs: cachedLogs)
        #expect(day.log == expected.log)
        #expect(day.heard == expected.heard)
    }
}
