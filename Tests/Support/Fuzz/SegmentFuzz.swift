import FikaChat
import FikaCRDT
import FikaLog
import FikaSimulation
import FikaStore
import GRDB

/// Segments: as they come; and as blocks that are sealed again by members of a room, put into a
/// log in memory and into a store that holds the first half of the room.
struct SegmentFuzz: FuzzBench {
    private let history: History
    private let held: MemoryLog
    private let resealer: Resealer
    private let store: TestStore

    /// Thrown at the end of a transaction, so that an input leaves nothing behind.
    private struct Rollback: Error {}

    /// A history in which several people write ops of most kinds.
    private static let seed: UInt64 = 3

    init() throws {
        history = HistoryGenerator.history(seed: Self.seed, isVerifiable: true)
        store = try TestStore(user: history.viewer.text, seed: 1)
        try store.store.trust(history.trustedRelays)
        var log = MemoryLog()
        let half = Array(history.ops.prefix(history.ops.count / 2)) + history.personal
        var accepted: [(id: OpID, position: UInt64)] = []
        for segment in history.segments(of: half) {
            let known = log
            let verified = try SegmentVerifier.verify(
                segment, known: { known.card(of: $0, in: segment.segment.log) })
            _ = try log.append(verified)
            try store.store.write { writer, db in _ = try writer.apply(segment, db) }
        }
        for op in half where op.op.id.log == history.log {
            guard let position = op.position, position == UInt64(accepted.count) + 1 else {
                continue
            }
            accepted.append((op.op.id, position))
        }
        try store.accept(accepted)
        held = log
        resealer = Resealer(keys: history.keys, log: log)
    }

    func seeds() throws -> [[UInt8]] {
        let all = history.segments(of: history.ops) + history.segments(of: history.personal)
        var seeds = all.map(\.bytes) + all.map(\.plainBlock)
        for op in history.ops { seeds += history.segments(of: [op]).map(\.plainBlock) }
        let vectors = try VectorFile(contentsOf: Fixtures.path("vectors/segments.txt")).sections
        for section in vectors {
            let keys = ["block", "sealed", "segment"]
            seeds += keys.flatMap { section.values($0) }.compactMap { Hexadecimal.bytes($0) }
        }
        let bombs = SegmentBombs.all(in: history.log, by: history.viewer)
        return seeds + bombs.flatMap { [$0.block, $0.bytes] }
    }

    func run(_ bytes: [UInt8]) throws {
        if let sealed = try? SealedSegment(bytes: bytes) {
            try FuzzFinding.require(sealed.bytes == bytes, "a segment has two forms")
            try take(sealed)
        } else if let forged = resealer.sealed(bytes) {
            try take(try SealedSegment(bytes: forged.bytes))
        }
    }

    private func take(_ sealed: SealedSegment) throws {
        let id = sealed.segment.log
        guard
            let verified = try? SegmentVerifier.verify(
                sealed, known: { held.card(of: $0, in: id) })
        else { return }
        var log = held
        if (try? log.append(verified)) != nil, isSmall(sealed) { try expectHandsOn(log, id) }
        try store(sealed)
    }

    /// What the checks need counts as the input's memory: they are for small ones.
    private func isSmall(_ sealed: SealedSegment) -> Bool {
        sealed.segment.bodies.count <= 1 << 18
    }

    /// What a log has taken, it can hand on to somebody new.
    private func expectHandsOn(_ log: MemoryLog, _ id: LogID) throws {
        var exporter = try SegmentExporter(id, of: log)
        while let segment = try exporter.next() {
            let again = try SealedSegment(bytes: segment.bytes)
            _ = try SegmentVerifier.verify(again, known: { log.card(of: $0, in: id) })
        }
    }

    private func store(_ sealed: SealedSegment) throws {
        do {
            try store.store.write(durability: .normal) { writer, db in
                _ = try writer.apply(sealed, db)
                if isSmall(sealed) { try expectTrueViews(writer, db) }
                throw Rollback()
            }
        } catch is Rollback {
        } catch is LogError {
        }
    }

    /// The views are what a rebuild gives, and the log is in order.
    private func expectTrueViews(_ writer: StoreWriter, _ db: Database) throws {
        let logs = try LogInspector(db).logIDs()
        var report = VerifyReport()
        for log in logs { try LogAudit.run(log, db, into: &report, progress: { _ in }) }
        try FuzzFinding.require(report.problems.isEmpty, "\(report.problems)")
        let before = try ViewQueries(db).digests()
        try writer.views.rebuildAll(db)
        let after = try ViewQueries(db).digests()
        try FuzzFinding.require(
            before.elementsEqual(after, by: ==), "a rebuild shows something else")
    }
}
