import FikaSimulation
import FikaStore
import FikaTestSupport
import Foundation
import Testing

struct StoreMarkerTests {
    private let first = MarkerValue(generation: 1, token: 0xFEED)

    /// A store as far as its marker goes: the folder, and what the database remembers.
    private struct World {
        let folder: TemporaryFolder
        var record: MarkerRecord
        var generator = SplitMix64(seed: 5)

        init(first: MarkerValue) throws {
            folder = try TemporaryFolder()
            let marker = try StoreMarker.creating(folder: folder.path, value: first)
            record = MarkerRecord.advancing(
                from: first, file: try marker.identity(), using: &generator)
            try marker.write(record.next)
        }

        /// Advances up to a step: 1 the database, 2 the marker too.
        mutating func advance(steps: Int = 2) throws {
            let marker = try #require(try StoreMarker.opening(folder: folder.path))
            guard case .value(let value, let file) = try marker.reading() else {
                Issue.record("the marker is unreadable")
                return
            }
            let record = MarkerRecord.advancing(from: value, file: file, using: &generator)
            if steps >= 1 { self.record = record }
            if steps >= 2 { try marker.write(record.next) }
        }

        func verdict(folder: String? = nil) throws -> MarkerVerdict {
            let marker = try StoreMarker.opening(folder: folder ?? self.folder.path)
            return MarkerRecord.verdict(
                record: record, reading: try marker?.reading() ?? .missing)
        }
    }

    @Test func `S6: a store that goes on is the same after any number of advances`() throws {
        var world = try World(first: first)
        #expect(try world.verdict() == .same)
        for _ in 0..<5 {
            try world.advance()
            #expect(try world.verdict() == .same)
        }
        #expect(world.record.next.generation == 7)
    }

    @Test(arguments: 0...2)
    func `S6: a crash between the writes of an advance is no restore`(steps: Int) throws {
        var world = try World(first: first)
        try world.advance(steps: steps)
        #expect(try world.verdict() == .same)
        // And the store goes on from there, also from a second crash at the same place.
        try world.advance(steps: steps)
        #expect(try world.verdict() == .same)
        try world.advance()
        #expect(try world.verdict() == .same)
    }

    @Test(arguments: 0...32)
    func `S6: a torn write of the marker leaves the value before it`(count: Int) throws {
        var world = try World(first: first)
        try world.advance()
        let before = try world.folder.bytes(of: "marker")
        try world.advance()
        let after = try world.folder.bytes(of: "marker")
        // The slot in question begins where the first byte differs; its magic does not change.
        let start = try #require(zip(before, after).enumerated().first { $1.0 != $1.1 }?.offset)
        var torn = before
        let slot = start / 512 * 512
        for index in slot..<slot + count { torn[index] = after[index] }
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: world.folder.path("marker")))
        try file.write(contentsOf: Data(torn))
        try file.close()
        #expect(try world.verdict() == .same)
    }

    @Test func `S6: a copied folder is a clone, a renamed one is not`() throws {
        let world = try World(first: first)
        let parent = try TemporaryFolder()
        try FileManager.default.copyItem(
            atPath: world.folder.path, toPath: parent.path("copy"))
        #expect(
            try world.verdict(folder: parent.path("copy")) == .restoredOrCloned(.otherFile))
        try FileManager.default.moveItem(atPath: world.folder.path, toPath: parent.path("moved"))
        #expect(try world.verdict(folder: parent.path("moved")) == .same)
    }

    @Test func `S6: an old database beside a newer marker is a restore`() throws {
        var world = try World(first: first)
        let backup = world.record
        try world.advance()
        world.record = backup
        // One advance on, the old record's next is the marker's current: not yet to be told.
        try world.advance()
        world.record = backup
        #expect(try world.verdict() == .restoredOrCloned(.olderDatabase))
    }

    @Test func `S6: a missing, an empty and a broken marker are noticed`() throws {
        let world = try World(first: first)
        try FileManager.default.removeItem(atPath: world.folder.path("marker"))
        #expect(try world.verdict() == .restoredOrCloned(.markerMissing))
        try world.folder.write([], to: "marker")
        #expect(try world.verdict() == .restoredOrCloned(.markerUnreadable))
        try world.folder.write(Array(repeating: 0xFF, count: 2000), to: "marker")
        #expect(try world.verdict() == .restoredOrCloned(.markerUnreadable))
    }

    @Test func `a marker that was taken over belongs to the store again`() throws {
        var world = try World(first: first)
        try FileManager.default.removeItem(atPath: world.folder.path("marker"))
        for garbage in [nil, [], [UInt8](repeating: 1, count: 600)] {
            if let garbage { try world.folder.write(garbage, to: "marker") }
            var generator = SplitMix64(seed: 9)
            let marker = try StoreMarker.adopting(
                folder: world.folder.path, using: &generator)
            guard case .value(let value, let file) = try marker.reading() else {
                Issue.record("an adopted marker is readable")
                return
            }
            world.record = MarkerRecord.advancing(from: value, file: file, using: &generator)
            #expect(try world.verdict() == .same)
            try marker.write(world.record.next)
            #expect(try world.verdict() == .same)
            try FileManager.default.removeItem(atPath: world.folder.path("marker"))
        }
    }
}
