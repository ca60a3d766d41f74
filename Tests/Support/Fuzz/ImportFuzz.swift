import Fika
import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import FikaWire
import Foundation

/// Imports: the first byte chooses an IRC log or an export file, whose checksum is made true where
/// it says so.
struct ImportFuzz: FuzzBench {
    private let folder: TemporaryFolder
    private let store: TestStore
    private let room: LogID
    private let zones: [TimeZone]

    /// Thrown at the end of a transaction, so that an input leaves nothing behind.
    private struct Rollback: Error {}

    init() throws {
        folder = try TemporaryFolder()
        store = try TestStore(user: "emma", seed: 1)
        room = try store.makeRoom("Fredagsfika")
        zones =
            [.gmt]
            + ["Europe/Stockholm", "America/St_Johns"].compactMap {
                TimeZone(identifier: $0)
            }
    }

    func seeds() throws -> [[UInt8]] {
        var seeds: [[UInt8]] = []
        for name in ["good/2024-03-01", "good/2024-03-02", "bad/form/2024-03-01"] {
            let path = Fixtures.path("irc/\(name).txt")
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            for zone in zones.indices { seeds.append([UInt8(zone)] + bytes) }
        }
        let other = try TestStore(user: "omid", seed: 2)
        let log = try other.makeRoom("Semlor")
        for number in 1...3 { try other.say("rad \(number)", in: log) }
        try other.grant("emma", in: log)
        let export = Self.export(try other.exported([log]))
        let bombs = SegmentBombs.all(in: room, by: try TestStore.user("emma"))
        seeds += bombs.map { [0xC0] + Self.export([$0.bytes]) }
        return seeds + [[0x80] + export + Hashes.digest(export).bytes, [0xC0] + export]
    }

    /// A file of segments up to its checksum, as `Specs/export.md` says.
    private static func export(_ segments: [[UInt8]]) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(bytes: "FIKAEXP1".utf8)
        writer.write(bytes: TestStore.workspace.bytes)
        var ops = 0
        for segment in segments {
            writer.write(counted: segment)
            ops += (try? SealedSegment(bytes: segment).segment.rows.count) ?? 0
        }
        writer.write(varint: 0)
        writer.write(varint: UInt64(segments.count))
        writer.write(varint: UInt64(ops))
        return writer.bytes
    }

    func run(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        let content = Array(bytes.dropFirst())
        if first & 0x80 == 0 {
            try takeLog(content, zone: zones[Int(first) % zones.count])
        } else {
            let checksum = first & 0x40 == 0 ? [] : Hashes.digest(content).bytes
            try takeExport(content + checksum)
        }
    }

    private func takeLog(_ content: [UInt8], zone: TimeZone) throws {
        guard let file = try? IRCDayFile(path: "2024-03-31.txt", content: content),
            let log = try? IRCLog(files: [file], zone: zone)
        else { return }
        for entry in log.entries {
            let body = entry.message.body
            try FuzzFinding.require(
                try ImportedMessage(body: body) == entry.message, "a line is not itself any more")
        }
        let run = ImportRun(source: "irc", channel: "#fika")
        let items = log.entries.map {
            StoreWriter.ImportItem(milliseconds: $0.time.milliseconds, message: $0.message)
        }
        do {
            try store.store.write(durability: .normal) { writer, db in
                let new = try writer.importItems(items, run: run, into: room, db) { _ in }
                let again = try writer.importItems(items, run: run, into: room, db) { _ in }
                try FuzzFinding.require(
                    new == items.count, "of \(items.count) lines only \(new) are imported")
                try FuzzFinding.require(
                    again == 0, "of \(new) lines \(again) are imported twice")
                throw Rollback()
            }
        } catch is Rollback {}
    }

    private func takeExport(_ bytes: [UInt8]) throws {
        try folder.write(bytes, to: "export")
        do {
            var reader = try ExportReader(path: folder.path("export"))
            _ = try store.store.importSegments(
                {
                    guard let segment = try reader.next() else { throw Rollback() }
                    return segment
                }, progress: { _ in })
        } catch is Rollback {
        } catch is ExportError {
        } catch is LogError {
        }
    }
}
