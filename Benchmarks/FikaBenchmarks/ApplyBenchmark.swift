import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB

/// Applying received segments, against the same ops as raw rows in the same run.
struct ApplyBenchmark {
    /// So many segments are received and committed together.
    static let segmentsInBatch = 16

    private var received: [[UInt8]] = []
    private var rows = RawRows()

    init(_ options: Options) throws {
        var load = LoadSegments(messages: options.messages)
        var numbers: [ReplicaID: Int64] = [:]
        while let sealed = load.next() {
            received.append(sealed.bytes)
            for replica in sealed.segment.replicas where numbers[replica] == nil {
                numbers[replica] = Int64(numbers.count + 1)
            }
            rows.add(sealed.segment, replicas: sealed.segment.replicas.map { numbers[$0] ?? 0 })
        }
    }

    func run(_ report: inout Report) throws {
        let count = Double(rows.count)
        report.add(.apply, "ops of the load", count, "ops")
        report.add(
            .apply, "received bytes", Double(received.reduce(0) { $0 + $1.count }) / count, "B/op")
        let raw = try Times.median((0..<3).map { _ in try insertRaw() })
        report.add(.apply, "raw rows, batches of 1000", count / raw.clock / 1000, "k ops/s")
        let phases = try Phases(received)
        let test = try TestStore(user: "user01", seed: 1)
        var fed = 0
        let applied = try Times {
            for batch in received.chunks(of: Self.segmentsInBatch) {
                fed += try test.store.write(durability: .normal) { writer, db in
                    try batch.reduce(0) {
                        try $0 + writer.apply(try SealedSegment(bytes: $1), db)
                    }
                }
            }
        }
        precondition(fed == rows.count, "the store took every op")
        report.add(.apply, "applied, search behind", count / applied.clock / 1000, "k ops/s")
        let goal = "≥ 0.25, aim 0.5"
        report.add(.apply, "ratio to raw rows", raw.clock / applied.clock, "", goal: goal)
        report.add(
            .apply, "the same in processor time", raw.processor / applied.processor, "",
            goal: goal)
        report.add(.apply, "raw rows, processor", raw.processor / count * 1e6, "µs/op")
        report.add(.apply, "decode", phases.decode / count * 1e6, "µs/op")
        report.add(.apply, "hash and chain", phases.hash / count * 1e6, "µs/op")
        report.add(.apply, "seals, on one core", phases.seals / count * 1e6, "µs/op")
        report.add(.apply, "seals checked of those that came", phases.sealShare, "")
        report.add(.apply, "log tables", phases.log / count * 1e6, "µs/op")
        report.add(.apply, "views, the rest", phases.rest(of: applied) / count * 1e6, "µs/op")
        report.add(.apply, "all of it, processor", applied.processor / count * 1e6, "µs/op")
        try reportDisk(test, count, &report)
    }

    private func insertRaw() throws -> Times {
        let folder = try TemporaryFolder()
        let database = try RawDatabase(path: folder.path("raw.sqlite"))
        return try rows.insert(into: database, synchronous: "NORMAL")
    }

    private func reportDisk(_ test: TestStore, _ count: Double, _ report: inout Report) throws {
        try test.store.checkpointTruncating()
        let database = try RawDatabase(path: test.folder.path("store/fika.sqlite"))
        let log: Set<String> = [
            "segment", "segment_by_time", "segment_run", "seal", "have", "replica", "acceptance",
            "log", "unsealed", "outbox", "erasure", "sqlite_autoindex_replica_1",
            "sqlite_autoindex_log_1",
        ]
        let sizes = try database.pageBytes()
        let logBytes = sizes.filter { log.contains($0.name) }.reduce(0) { $0 + $1.bytes }
        let allBytes = sizes.reduce(0) { $0 + $1.bytes }
        report.add(.apply, "disk, log alone", Double(logBytes) / count, "B/op", goal: "≤ 33")
        report.add(.apply, "disk, log and views", Double(allBytes) / count, "B/op")
        for size in sizes where Double(size.bytes) / count > 0.5 {
            report.add(.apply, "disk, \(size.name)", Double(size.bytes) / count, "B/op")
        }
    }
}
