import FikaSimulation
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Testing

/// Bytes of a closed database file become others: an error or a true answer, never a trap.
@Suite struct PageDamageTests {
    @Test func `a store with damaged pages gives errors or true ops, and exports no others`() throws
    {
        let held = try HeldStore()
        let truth = Set(held.first.ops.map(\.hash) + held.second.ops.map(\.hash))
        try held.test.store.checkpointTruncating()
        let original = try held.test.folder.bytes(of: "store/fika.sqlite")
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("store"), withIntermediateDirectories: false)
        var outcomes: [Outcome: Int] = [:]
        forAll(count: 300) { generator in
            var bytes = original
            for _ in 0..<generator.number(in: 1...3) { damage(&bytes, using: &generator) }
            try folder.write(bytes, to: "store/fika.sqlite")
            let outcome = try outcome(of: folder, held, truth)
            outcomes[outcome, default: 0] += 1
        }
        #expect(outcomes.count > 1 || outcomes.values.first == 1, "\(outcomes)")
    }

    @Test func `NULL where the schema allows none is damage, and no fault of the program`() throws {
        let error = try #require(throws: RowDecodingError.self) {
            try DatabaseQueue().read { db in _ = try Int64.fetchAll(db, sql: "SELECT NULL") }
        }
        let meaning = try #require(StoreError(database: error))
        guard case .damaged(let words) = meaning else {
            Issue.record("it is taken for \(meaning)")
            return
        }
        #expect(words.contains("NULL"))
    }

    private enum Outcome: Hashable {
        case unreadable, damaged, good
    }

    private func damage(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
        let place = generator.number(in: 0..<bytes.count)
        switch generator.number(in: 0..<4) {
        case 0: bytes[place] ^= 1 << generator.number(in: UInt8(0)...7)
        case 1: bytes[place] = UInt8(truncatingIfNeeded: generator.next())
        case 2:
            for offset in place..<min(place + generator.number(in: 1...64), bytes.count) {
                bytes[offset] = UInt8(truncatingIfNeeded: generator.next())
            }
        default:
            let page = place / 4096 * 4096
            let end = min(page + 4096, bytes.count)
            bytes.replaceSubrange(page..<end, with: repeatElement(0, count: end - page))
        }
    }

    private func outcome(
        of folder: TemporaryFolder, _ held: HeldStore, _ truth: Set<Digest>
    ) throws -> Outcome {
        for name in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: folder.path("store/fika.sqlite" + name))
        }
        guard
            let store = try typed({
                try Store.open(
                    folder: folder.path("store"), mode: .reading,
                    environment: held.test.store.environment)
            })
        else { return .unreadable }
        let report = try typed { try store.verify() }
        let listings: Void? = try typed {
            try store.read { db in
                for listing in try LogInspector(db).logs() {
                    try LogInspector(db).forEachOp(of: listing.log) { _ in true }
                }
            }
        }
        // What is handed on is what was written, whatever the report says.
        let exported: Void? = try typed {
            try store.exportSegments(of: [held.log]) { sealed in
                let verified = try SegmentVerifier.verify(sealed, known: { _ in nil })
                for op in verified.segment.ops { #expect(truth.contains(op.hash)) }
            }
        }
        try store.close()
        guard let report, listings != nil, exported != nil else { return .unreadable }
        return report.isGood ? .good : .damaged
    }

    /// The value, or nil for an error that names what is wrong; any other error is thrown on.
    private func typed<Value>(_ body: () throws -> Value) throws -> Value? {
        do {
            return try body()
        } catch is StoreError {
            return nil
        } catch is DatabaseError {
            return nil
        }
    }
}
