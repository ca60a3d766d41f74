import FikaSimulation
import Fika
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import Foundation

/// A store that holds the corpus: opened, room list, newest page; search.
enum OpenBenchmark {
    private static let pages = 200

    static func run(_ report: inout Report) throws {
        let lines =
            if let path = IRCCorpus.path {
                try IRCCorpus.entries(path: path)
            } else {
                LoadImport.entries(count: 200_000)
            }
        let test = try TestStore(user: "user01", seed: 1)
        let room = try test.makeRoom("bench")
        let items = lines.map {
            StoreWriter.ImportItem(milliseconds: $0.time.milliseconds, message: $0.message)
        }
        let importing = try Times {
            _ = try test.store.write { writer, db in
                try writer.importItems(
                    items, run: ImportRun(source: "irc", channel: "#ubuntu"), into: room, db,
                    progress: { _ in })
            }
        }
        report.add(.open, "lines imported", Double(items.count), "lines")
        report.add(
            .open, "import, search behind", Double(items.count) / importing.clock / 1000,
            "k lines/s")
        try test.store.close()
        try measure(opening: test.folder.path("store"), &report)
        try test.reopen()
        try reportReads(test, room, &report)
    }

    /// A process of its own opens the store, so that its memory is its own.
    private static func measure(opening path: String, _ report: inout Report) throws {
        var runs: [[Double]] = []
        for _ in 0..<5 {
            let printed = try Child.start(["open", path]).out
            runs.append(printed.split(whereSeparator: \.isWhitespace).compactMap { Double($0) })
        }
        func middle(_ index: Int) -> Double { Measure.median(runs.compactMap { $0[index] }) }
        report.add(.open, "store opened for reading", middle(0) * 1000, "ms")
        report.add(.open, "and the room list", middle(1) * 1000, "ms")
        report.add(.open, "and the newest 50 rows", middle(2) * 1000, "ms", goal: "≤ 3")
        report.add(.open, "peak memory of that process", middle(3), "MiB")
        report.add(.open, "of which before opening", middle(4), "MiB")
    }

    /// What the child does; prints seconds since before opening, then MiB.
    static func runOpen(_ arguments: [String]) throws {
        guard let folder = arguments.first else { return }
        let before = Measure.peakMemory()
        let environment = StoreEnvironment(now: { 0 }, random: { 0 })
        var times: [Double] = []
        let clock = ContinuousClock()
        let start = clock.now
        func note() {
            let passed = (clock.now - start).components
            times.append(Double(passed.seconds) + Double(passed.attoseconds) / 1e18)
        }
        let store = try Store.open(folder: folder, mode: .reading, environment: environment)
        note()
        let rooms = try store.read { try ViewQueries($0).rooms() }
        note()
        guard let room = rooms.first else { preconditionFailure("the store has a room") }
        let rows = try store.read {
            try ViewQueries($0).page(of: room.log, .newest, limit: 50)
        }
        note()
        precondition(rows.count == 50, "the room has a page")
        print((times + [Measure.peakMemory(), before]).map { String($0) }.joined(separator: " "))
    }

    private static func reportReads(
        _ test: TestStore, _ room: LogID, _ report: inout Report
    ) throws {
        var edge: (time: HybridTime, dot: Dot)?
        var times: [Double] = []
        for _ in 0..<pages {
            let place = edge.map { ViewQueries.Place.before($0.time, $0.dot) } ?? .newest
            var rows: [StoredRow] = []
            times.append(
                try Measure.seconds {
                    rows = try test.store.read {
                        try ViewQueries($0).page(of: room, place, limit: 50)
                    }
                })
            guard let first = rows.first?.row else { break }
            edge = (first.stamp.time, first.id)
        }
        report.add(.open, "page of 50 rows, p50", Measure.median(times) * 1e6, "µs", goal: "≤ 200")
        report.add(.open, "page of 50 rows, p99", Measure.percentile(99, times) * 1e6, "µs")
        let indexing = try Times {
            var isLeft = true
            while isLeft {
                isLeft = try test.store.write(durability: .normal) { writer, db in
                    try writer.views.indexSearch(limit: 4096, db)
                }
            }
        }
        report.add(.open, "index for search", indexing.clock, "s")
        for word in ["ubuntu", "kernel panic", "dapper"] {
            let times = try (0..<20).map { _ in
                try Measure.seconds {
                    _ = try test.store.read {
                        try ViewQueries($0).search(word, in: room, limit: 50)
                    }
                }
            }
            report.add(
                .open, "search \"\(word)\", 50 newest, p50", Measure.median(times) * 1000, "ms",
                goal: "≤ 0.68")
        }
    }
}
