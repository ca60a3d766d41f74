import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import GRDB
import Testing

/// ST10: stores of each released format open, verify and show what they showed.
///
/// `FIKA_RECORD=1 swift test --filter GoldenStoreTests` makes the store of this format again.
@Suite struct GoldenStoreTests {
    private static let files = ["fika.sqlite", "identity", "marker"]
    private var isRecording: Bool { ProcessInfo.processInfo.environment["FIKA_RECORD"] != nil }

    /// Makes the folder anew from the fixed workload.
    private func record(_ name: String) throws {
        let workload = try Workload()
        for (_, step) in Workload.steps { try workload.attempt(step) }
        // Opening a copy writes what is unsealed again, under the stamp of a new replica.
        try workload.store.seal(workload.store.read { try LogInspector($0).logIDs() })
        try workload.store.checkpointTruncating()
        let lines = try digests(of: workload.store)
        try workload.store.close()
        let target = Fixtures.path("stores/" + name)
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.createDirectory(
            atPath: target, withIntermediateDirectories: true)
        for file in Self.files {
            try FileManager.default.copyItem(
                atPath: workload.folder.path("store/" + file), toPath: target + "/" + file)
        }
        try lines.write(toFile: target + "/digests.txt", atomically: true, encoding: .utf8)
    }

    /// A line for each log: its id and its timeline digest.
    private func digests(of store: Store) throws -> String {
        try store.read { db in
            try ViewQueries(db).digests().map { "\($0.log) \($0.digest)\n" }.joined()
        }
    }

    private func copy(_ name: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path("store"), withIntermediateDirectories: false)
        for file in Self.files {
            try FileManager.default.copyItem(
                atPath: Fixtures.path("stores/\(name)/\(file)"),
                toPath: folder.path("store/" + file))
        }
        // A checkout does not keep a secret's mode.
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: folder.path("store/identity"))
        return folder
    }

    @Test func `ST10: the store of the first format opens, verifies and shows what it did`() throws
    {
        if isRecording { try record("format-1") }
        let expected = try String(
            contentsOfFile: Fixtures.path("stores/format-1/digests.txt"), encoding: .utf8)
        let test = try TestStore(opening: copy("format-1"), seed: 1)
        // A copy goes on as new replicas, and shows the same.
        #expect(try digests(of: test.store) == expected)
        let report = try test.store.verify()
        #expect(report.isGood, "\(report.problems)")
        #expect(report.ops > 80)
        #expect(report.erasuresDone == 2)
        try test.store.write { writer, db in try writer.views.rebuildAll(db) }
        #expect(try digests(of: test.store) == expected)
    }

    @Test func `a store that is cut short or no database is named as such`() throws {
        for name in ["cut", "garbage"] {
            let folder = try copy("format-1")
            let bytes = try folder.bytes(of: "store/fika.sqlite")
            let changed = name == "cut" ? Array(bytes[..<5000]) : bytes.map { ~$0 }
            try folder.write(changed, to: "store/fika.sqlite")
            let error = #expect(throws: (any Error).self) {
                let store = try TestStore(opening: folder, seed: 1).store
                _ = try store.verify()
            }
            let isTyped = error is StoreError || error is DatabaseError
            #expect(isTyped, "\(String(describing: error))")
        }
    }
}
