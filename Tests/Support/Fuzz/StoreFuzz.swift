import FikaCRDT
import FikaLog
import FikaStore
import Foundation
import GRDB

/// A store of the first format with damages: the first byte says what it is opened for and what is
/// done with it; with bit 7 it is a relay's folder.
struct StoreFuzz: FuzzBench {
    private let folder: TemporaryFolder
    private let files: DamagedFiles
    private let relay: RelayStoreFuzz
    private let environment: StoreEnvironment

    init() throws {
        folder = try TemporaryFolder()
        files = try DamagedFiles(
            ["fika.sqlite", "marker", "identity"], of: Fixtures.path("stores/format-1"),
            as: "store", in: folder)
        relay = try RelayStoreFuzz(in: folder)
        environment = StoreEnvironment(now: { 1_767_603_600_000 }, random: { 0x5EED })
    }

    private static let relayBit: UInt8 = 0x80

    func handedOver(_ bytes: [UInt8]) -> Int {
        let isRelay = (bytes.first ?? 0) & Self.relayBit != 0
        return bytes.count + (isRelay ? relay.byteCount : files.byteCount)
    }

    func seeds() throws -> [[UInt8]] {
        let stores = files.damages().enumerated().map { number, damage in
            [Self.uses[number % Self.uses.count]] + damage
        }
        let relays = relay.damages().flatMap { [[Self.relayBit] + $0, [Self.relayBit | 1] + $0] }
        return stores + relays
    }

    /// Each use alone, and all at once.
    private static let uses: [UInt8] = [0, 1, 0b11100, 0b11010, 0b10110, 0b01110, 0b01101]

    func run(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        guard first & Self.relayBit == 0 else { return try relay.run(bytes) }
        try files.write(bytes.dropFirst())
        let uses = Uses(rawValue: first >> 1)
        try Self.typed { try use(first & 1 == 0 ? .writing(command: "fuzz") : .reading, uses) }
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
            folder: files.path, mode: mode, environment: environment)
        defer { try? store.close() }
        if !uses.contains(.withoutVerifying) { try Self.typed { _ = try store.verify() } }
        if !uses.contains(.withoutExporting) { try Self.typed { try expectTrueOps(store) } }
        if !uses.contains(.withoutReading) { try Self.typed { try read(store) } }
        guard mode != .reading, !uses.contains(.withoutWriting) else { return }
        try Self.typed {
            try store.write { writer, db in
                try writer.views.rebuildAll(db)
                while try writer.indexSearch(db) {}
            }
        }
        try Self.typed { _ = try store.pending() }
    }

    /// What is handed on verifies, whatever the file says.
    private func expectTrueOps(_ store: Store) throws {
        let logs = try store.read { try LogInspector($0).logIDs() }
        guard store.isWriting else { return }
        for log in logs {
            try Self.typed {
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
    static func typed(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch is StoreError {
        } catch  where StoreError(database: error) != nil {
        }
    }
}
