import Fika
import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaSync
import FikaTestSupport
import Foundation

/// A large room goes up from one store, and down to a device that has nothing.
enum FreshBenchmark {
    static func run(_ report: inout Report) throws {
        let lines =
            if let path = IRCCorpus.path {
                try IRCCorpus.entries(path: path)
            } else {
                LoadImport.entries(count: 200_000)
            }
        let source = try BenchmarkStore(person: 0, seed: 1)
        let room = try source.test.makeRoom("bench")
        let items = lines.map {
            StoreWriter.ImportItem(milliseconds: $0.time.milliseconds, message: $0.message)
        }
        try source.test.store.write { writer, db in
            _ = try writer.importItems(
                items, run: ImportRun(source: "irc", channel: "#ubuntu"), into: room, db,
                progress: { _ in })
        }
        let (rows, bytes) = try rawRows(source, room)
        report.add(.fresh, "ops of the room", Double(rows.count), "ops")

        let folder = try TemporaryFolder()
        try upload(source, rows.count, folder, &report)
        let relay = try ServerProcess("relay", [folder.path("relay")])
        defer { relay.stop() }
        let fresh = try download(relay, room, &report)
        report.add(.fresh, "relay's peak memory, sending", relay.peakMemory, "MiB")
        report.add(.fresh, "relay, processor, sending", relay.processorSeconds, "s")

        let copy = try Measure.median((0..<3).map { _ in try copySeconds(byteCount: fresh.bytes) })
        let raw = try Times.median((0..<3).map { _ in try insert(rows) })
        report.add(.fresh, "bytes of the room's segments", Double(bytes) / 1e6, "MB")
        report.add(.fresh, "plain TCP copy of what came", copy * 1000, "ms")
        report.add(.fresh, "raw rows, batches of 1000", raw.clock, "s")
        report.add(
            .fresh, "ratio to copy and raw rows", (copy + raw.clock) / fresh.seconds, "")
    }

    /// The room's ops as rows, and the bytes of its segments.
    private static func rawRows(
        _ source: BenchmarkStore, _ room: LogID
    ) throws -> (RawRows, bytes: Int) {
        var rows = RawRows()
        var bytes = 0
        var numbers: [ReplicaID: Int64] = [:]
        try source.test.store.exportSegments(of: [room]) { sealed in
            for replica in sealed.segment.replicas where numbers[replica] == nil {
                numbers[replica] = Int64(numbers.count + 1)
            }
            rows.add(sealed.segment, replicas: sealed.segment.replicas.map { numbers[$0] ?? 0 })
            bytes += sealed.bytes.count
        }
        return (rows, bytes)
    }

    private static func upload(
        _ source: BenchmarkStore, _ count: Int, _ folder: TemporaryFolder, _ report: inout Report
    ) throws {
        let relay = try ServerProcess("relay", [folder.path("relay")])
        defer { relay.stop() }
        var up = 0
        let times = try Times { up = try source.upload(count, port: relay.port).bytesUp }
        report.add(.fresh, "upload", times.clock, "s")
        report.add(.fresh, "upload, bytes an op", Double(up) / Double(count), "B/op")
        report.add(.fresh, "upload, client's processor", times.processor, "s")
        report.add(.fresh, "upload, relay's processor", relay.processorSeconds, "s")
        report.add(.fresh, "relay's peak memory, taking in", relay.peakMemory, "MiB")
    }

    /// Several new devices, one after the other; what the middle one took.
    private static func download(
        _ relay: ServerProcess, _ room: LogID, _ report: inout Report
    ) throws -> (seconds: Double, bytes: Int) {
        var runs: [[Double]] = []
        for seed in 0..<3 {
            let printed = try Child.start(
                ["fresh", String(relay.port), room.description, String(seed + 100)]
            ).out
            runs.append(printed.split(whereSeparator: \.isWhitespace).compactMap { Double($0) })
        }
        func middle(_ index: Int) -> Double { Measure.median(runs.compactMap { $0[index] }) }
        report.add(.fresh, "first 50 rows readable", middle(0) * 1000, "ms")
        report.add(.fresh, "bytes until then", middle(1) / 1000, "KB", goal: "≤ 200")
        report.add(.fresh, "times something was waited for until then", middle(2), "")
        report.add(.fresh, "everything stored", middle(3), "s")
        report.add(.fresh, "bytes down", middle(4) / 1e6, "MB")
        report.add(.fresh, "bytes up", middle(5) / 1000, "KB")
        report.add(.fresh, "device's processor", middle(6), "s")
        report.add(.fresh, "device's peak memory", middle(7), "MiB")
        return (middle(3), Int(middle(4)))
    }

    /// What the child does: a new device takes everything in; prints what it took.
    static func runFresh(_ arguments: [String]) throws {
        guard arguments.count == 3, let port = Int(arguments[0]), let seed = UInt64(arguments[2]),
            let room = LogID(arguments[1])
        else { return }
        let device = try BenchmarkStore(person: 0, seed: seed)
        var figures: [Double] = []
        var steps = 0
        let clock = ContinuousClock()
        let start = clock.now
        func seconds() -> Double { (clock.now - start) / .seconds(1) }
        let processor = try Measure.processorSeconds {
            var client = try device.client(port: port)
            try client.runUntilUpToDate { client in
                steps += 1
                guard figures.isEmpty, try device.hasPage(of: room) else { return }
                figures = [seconds(), Double(client.bytesDown), Double(steps)]
            }
            figures += [seconds(), Double(client.bytesDown), Double(client.bytesUp)]
        }
        figures += [processor, Measure.peakMemory()]
        print(figures.map { String($0) }.joined(separator: " "))
    }

    // MARK: The limits

    private static func insert(_ rows: RawRows) throws -> Times {
        let folder = try TemporaryFolder()
        let database = try RawDatabase(path: folder.path("raw.sqlite"))
        return try rows.insert(into: database, synchronous: "NORMAL")
    }

    private static func copySeconds(byteCount: Int) throws -> Double {
        let source = try ServerProcess("tcp-source", [String(byteCount)])
        defer { source.stop() }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        return try Measure.seconds {
            let socket = try Socket(port: source.port)
            var left = byteCount
            while left > 0 { left -= try socket.read(into: buffer) ?? 0 }
        }
    }

    /// What the child does: sends so many bytes to whoever connects.
    static func runSource(_ arguments: [String]) throws {
        let count = arguments.first.flatMap { Int($0) } ?? 0
        let bytes = [UInt8](repeating: 7, count: count)
        let socket = try Socket.accept { port in
            FileHandle.standardOutput.write(Data("\(port)\n".utf8))
        }
        try socket.write(bytes)
        _ = try? FileHandle.standardInput.readToEnd()
    }
}
