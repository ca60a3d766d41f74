import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import Testing

/// ST7: whatever a crash leaves of the marker beside the database, no seq is used twice and a store
/// that was not copied stays the same replica.
@Suite struct MarkerFailureTests {
    private enum Crash: CaseIterable {
        case beforeCommit, beforeMarker, tornMarker, afterMarker
    }

    @Test func `ST7: a crash between the commit of a seal and the marker is no restored store`()
        throws
    {
        for crash in Crash.allCases {
            let test = try TestStore(user: "emma", seed: 1)
            let room = try test.makeRoom("Fika")
            let replica = try test.say("ett", in: room).dot.replica
            for round in 0..<3 {
                let before = try test.folder.bytes(of: "store/marker")
                try test.say("runda \(round)", in: room)
                if crash != .beforeCommit { try test.store.seal([room]) }
                var marker = try test.folder.bytes(of: "store/marker")
                switch crash {
                case .beforeCommit, .afterMarker: break
                case .beforeMarker: marker = before
                case .tornMarker:
                    // The slot that was being written is neither old nor new.
                    for place in marker.indices where marker[place] != before[place] {
                        marker[place] ^= 0x5A
                    }
                }
                try overwrite(test.folder.path("store/marker"), marker)
                try test.reopen()
                let id = try test.say("efter \(round)", in: room)
                #expect(id.dot.replica == replica, "\(crash), round \(round)")
            }
            try test.store.seal([room])
            let have = try test.store.read { try LogInspector($0).listing(of: room) }
            #expect(have?.replicas.map { $0.have.seqs } == [IntervalSet([1...9])])
            #expect(try test.store.verify().isGood)
        }
    }

    /// Writes a file in place, so that it stays the same file.
    private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }
}
