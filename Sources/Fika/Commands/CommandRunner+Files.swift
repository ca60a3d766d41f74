import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import Foundation

extension CommandRunner {
    func importIRC(_ files: Command.IRCImport) throws -> CommandOutcome {
        guard let zone = files.timeZone.map({ TimeZone(identifier: $0) }) ?? .gmt else {
            throw FikaError(.invalidArgument, "\(files.timeZone ?? "") is no time zone")
        }
        guard !files.paths.isEmpty else { throw FikaError(.invalidArgument, "no files") }
        try Self.check(files.channel, limit: Limits.nameBytesMaximum, what: "a channel's name")
        let log = try IRCLog(paths: files.paths, zone: zone)
        let items = log.entries.map {
            StoreWriter.ImportItem(milliseconds: $0.time.milliseconds, message: $0.message)
        }
        let run = ImportRun(source: "irc", channel: files.channel)
        let new = try store.write { writer, db in
            try writer.importItems(
                items, run: run, into: files.room.log, db, progress: progress)
        }
        try indexSearch()
        let events = items.count { $0.message.type == .event }
        return .imported(
            .init(
                files: files.paths.count, lines: items.count, messages: items.count - events,
                events: events, new: new))
    }

    func export(to path: String, rooms: [RoomID]) throws -> CommandOutcome {
        let logs =
            try rooms.isEmpty
            ? store.read { db in try LogInspector(db).logIDs() } : rooms.map(\.log)
        do {
            var writer = try ExportWriter(path: path, workspace: store.profile.workspace)
            var exported: Set<LogID> = []
            try store.exportSegments(of: logs) { segment in
                try writer.add(segment)
                exported.insert(segment.segment.log)
                progress(writer.ops)
            }
            try writer.finish()
            return .exchanged(
                .init(
                    logs: exported.count, segments: writer.segments, ops: writer.ops, newOps: 0,
                    byteCount: writer.byteCount, skipped: []))
        } catch {
            ExportWriter.discard(path: path)
            throw error
        }
    }

    func importExport(_ path: String) throws -> CommandOutcome {
        do {
            return try importSegments(path)
        } catch {
            let error = FikaError(error)
            throw FikaError(
                error.code, "\(path): \(error.message); nothing was imported",
                underlying: error.underlying)
        }
    }

    private func importSegments(_ path: String) throws -> CommandOutcome {
        var reader = try ExportReader(path: path)
        guard reader.workspace == store.profile.workspace else {
            throw ExportError.otherWorkspace(reader.workspace)
        }
        var logs: Set<LogID> = []
        let report = try store.importSegments(
            {
                guard let segment = try reader.next() else { return nil }
                logs.insert(segment.segment.log)
                return segment
            }, progress: progress)
        try indexSearch()
        return .exchanged(
            .init(
                logs: logs.count - report.skippedLogs.count, segments: report.segments,
                ops: report.ops, newOps: report.newOps, byteCount: reader.offset,
                skipped: report.skippedLogs.map { RoomID($0) }))
    }

    func rebuild() throws -> CommandOutcome {
        try store.write { writer, db in try writer.rebuildViews(db) }
        try indexSearch()
        return .done
    }

    /// Lets search find what came in; a transaction at a time, so that other writing goes between.
    private func indexSearch() throws {
        while try store.write(durability: .normal, { writer, db in try writer.indexSearch(db) }) {}
    }
}
