import FikaCRDT
import FikaLog
import FikaStore
import Foundation
import GRDB

/// A store of the first format with damages: the first byte says what it is opened for and what is
/// done with it, each part names a file and replaces bytes from an offset on.
struct StoreFuzz: FuzzBench {
    private let folder: TemporaryFolder
    private let originals: [(name: String, bytes: [UInt8])]
    private let environment: StoreEnvironment

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("store"), withIntermediateDirectories: false)
        originals = try ["fika.sqlite", "marker", "identity"].map { name in
            let path = Fixtures.path("stores/format-1/" + name)
            return (name, Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
        for (name, bytes) in originals { try folder.write(bytes, to: "store/" + name) }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.path("store/identity"))
        environment = StoreEnvironment(now: { 1_767_603_600_000 }, random: { 0x5EED })
    }

    func handedOver(_ bytes: [UInt8]) -> Int {
        originals.reduce(bytes.count) { $0 + $1.bytes.count }
    }

    func seeds() throws -> [[UInt8]] {
        let count = originals[0].bytes.count
        var seeds: [[UInt8]] = [[0], [1]]
        // A header's fields, and in each page its kind, its count of cells and its first cells.
        for offset in [16, 18, 24, 28, 32, 36, 40, 44, 52, 56, 60, 96, 100, 103, 105, 108] {
            seeds.append([0] + Self.damage(0, at: offset, [0xFF, 0x01]))
        }
        for page in stride(from: 0, to: count, by: 4096) {
            let damages: [(Int, [UInt8])] = [
                (0, [13]), (3, [0, 200]), (8, [15, 255]), (2000, [0x7F, 0xFF]),
            ]
            for (offset, bytes) in damages {
                let damage = Self.damage(0, at: page + offset, bytes)
                seeds.append([Self.uses[seeds.count % Self.uses.count]] + damage)
            }
        }
        seeds.append([0] + Self.damage(0x80, at: 5000, []))
        seeds.append([0] + Self.damage(1, at: 10, [1, 2, 3]))
        seeds.append([0] + Self.damage(0x81, at: 40, []))
        seeds.append([0] + Self.damage(2, at: 20, [48, 49]))
        return seeds
    }

    /// Each use alone, and all at once.
    private static let uses: [UInt8] = [0, 1, 0b11100, 0b11010, 0b10110, 0b01110, 0b01101]

    /// Bit 7 of the file's number cuts the file off at the offset.
    private static func damage(_ file: UInt8, at offset: Int, _ bytes: [UInt8]) -> [UInt8] {
        let place = [16, 8, 0].map { UInt8(offset >> $0 & 0xFF) }
        return FuzzRecords.part(file, place + bytes)
    }

    func run(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        var files = originals
        for (head, body) in FuzzRecords(bytes.dropFirst()).prefix(64) where body.count >= 3 {
            let index = Int(head & 0x7F) % files.count
            let offset = body[..<3].reduce(0) { $0 << 8 | Int($1) } % (files[index].bytes.count + 1)
            if head & 0x80 != 0 {
                files[index].bytes.removeSubrange(offset...)
            } else {
                let end = min(offset + body.count - 3, files[index].bytes.count)
                files[index].bytes.replaceSubrange(
                    offset..<end, with: body[3...].prefix(end - offset))
            }
        }
        for name in ["fika.sqlite-wal", "fika.sqlite-shm", "lock"] {
            try? FileManager.default.removeItem(atPath: folder.path("store/" + name))
        }
        for (name, bytes) in files { try folder.write(bytes, to: "store/" + name) }
        let uses = Uses(rawValue: first >> 1)
        try typed { try use(first & 1 == 0 ? .writing(command: "fuzz") : .reading, uses) }
    }

    /// What is left out of all that can be done with a store: opening is slow enough.
    private struct Uses: OptionSet {
        let rawValue: UInt8

        static let withoutVerifying = Uses(rawValue: 1)
        static let withoutExporting = Uses(rawValue: 2)
        static let withoutReading = Uses(rawValue: 4)
        static let withoutWriting = Uses(rawValue: 8)
    }

    private func use(_ mode: StoreMode, _ uses: Uses) throws {
        let store = try Store.open(
            folder: folder.path("store"), mode: mode, environment: environment)
        defer { try? store.close() }
        if !uses.contains(.withoutVerifying) { try typed { _ = try store.verify() } }
        if !uses.contains(.withoutExporting) { try typed { try expectTrueOps(store) } }
        if !uses.contains(.withoutReading) { try typed { try read(store) } }
        guard mode != .reading, !uses.contains(.withoutWriting) else { return }
        try typed {
            try store.write { writer, db in
                try writer.views.rebuildAll(db)
                while try writer.indexSearch(db) {}
            }
        }
        try typed { _ = try store.pending() }
    }

    /// What is handed on verifies, whatever the file says.
    private func expectTrueOps(_ store: Store) throws {
        let logs = try store.read { try LogInspector($0).logIDs() }
        guard store.isWriting else { return }
        for log in logs {
            try typed {
                try store.exportSegments(of: [log]) { sealed in
                    _ = try SegmentVerifier.verify(sealed, known: { _ in nil })
                }
            }
        }
    }

    private func read(_ store: Store) throws {
        try store.read { db in
            let queries = ViewQueries(db)
            _ = try queries.digests()
            for log in try LogInspector(db).logIDs() {
                _ = try queries.unread(in: log)
                _ = try queries.state(of: log)
                try LogInspector(db).forEachOp(of: log) { _ in true }
            }
        }
    }

    /// Runs what may fail in the ways that are meant for damaged files.
    private func typed(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch is StoreError {
        } catch  where StoreError(database: error) != nil {
        }
    }
}
