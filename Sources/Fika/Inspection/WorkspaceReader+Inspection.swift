import FikaChat
import FikaCRDT
import FikaLog
import FikaStore
import Foundation

extension WorkspaceReader {
    func logs() throws -> [LogEntry] {
        try inspector.logs().map { listing in
            let head = try queries.head(of: listing.log)
            return LogEntry(
                id: RoomID(listing.log), kind: Self.kind(head.kind, listing.preimage),
                name: head.name, replicas: listing.replicas.map { LogEntry.Replica($0) },
                segmentCount: listing.segments, sealedCount: listing.sealedOps,
                unsealedCount: listing.unsealedOps, blockBytes: listing.blockBytes,
                proofBytes: listing.proofBytes)
        }
    }

    func ops(of log: RoomID, _ filter: OpFilter) throws -> [OpEntry] {
        guard try inspector.listing(of: log.log) != nil else {
            throw FikaError(.notFound, "no log \(log)")
        }
        var entries: [OpEntry] = []
        try inspector.forEachOp(of: log.log) { inspected in
            guard entries.count < filter.limit else { return false }
            if filter.lets(inspected) { entries.append(OpEntry(inspected)) }
            return true
        }
        return entries
    }

    func statistics(folder: String) throws -> StoreStatistics {
        var counts: [String: (count: Int, bytes: Int)] = [:]
        let logs = try inspector.logs()
        for log in logs {
            try inspector.forEachOp(of: log.log) { inspected in
                let name = OpNames.name(inspected.op.kind)
                counts[name, default: (0, 0)].count += 1
                counts[name, default: (0, 0)].bytes += inspected.op.body?.count ?? 0
                return true
            }
        }
        let rooms = try queries.rooms()
        return StoreStatistics(
            workspace: profile.workspace.description, user: profile.user.text,
            fileBytes: Self.fileBytes(folder),
            kinds: counts.map {
                .init(kind: $0.key, count: $0.value.count, bodyBytes: $0.value.bytes)
            }.sorted { ($1.count, $0.kind) < ($0.count, $1.kind) },
            rooms: rooms.count, rows: rooms.reduce(0) { $0 + $1.rows },
            sealed: logs.reduce(0) { $0 + $1.sealedOps },
            unsealed: logs.reduce(0) { $0 + $1.unsealedOps },
            blockBytes: logs.reduce(0) { $0 + $1.blockBytes })
    }

    private static func fileBytes(_ folder: String) -> Int {
        ["fika.sqlite", "fika.sqlite-wal"].reduce(0) { sum, name in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: folder + "/" + name)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }

    private static func kind(_ kind: LogKind, _ preimage: LogPreimage?) -> String {
        if let preimage { return "\(preimage.kind)" }
        switch kind {
        case .room(let kind): return "\(kind)"
        case .privateChat: return "privateChat"
        case .personal: return "personal"
        case .directory: return "directory"
        case .unknown: return "unknown"
        }
    }
}

extension LogEntry.Replica {
    init(_ listed: LogListing.Replica) {
        id = listed.replica.description
        user = listed.user?.text
        deviceName = listed.deviceName
        isOwn = listed.own != .foreign
        isImport = listed.isImport
        haves = listed.have.intervals.map { $0.first...$0.last }
        unsealedCount = listed.unsealed
        sealCount = listed.seals
    }
}

extension OpEntry {
    init(_ inspected: InspectedOp) {
        let op = inspected.op
        id = MessageID(op.id)
        kind = OpNames.name(op.kind)
        user = inspected.user?.text
        time = Date(milliseconds: op.time.milliseconds)
        counter = Int(op.time.counter)
        target = op.target.map { MessageID(op.id.log, $0) }
        origin = op.origin.map { MessageID(op.id.log, $0.dot) }
        state =
            inspected.isUnsealed
            ? .unsealed : inspected.position.map { .accepted(position: $0) } ?? .pending
        summary = OpNames.summary(op)
        hash = op.hash.description
        switch op.content {
        case .body(let bytes, _):
            body = bytes
            isErased = false
        case .erased(_, let residue):
            body = residue
            isErased = true
        }
    }
}

extension OpFilter {
    /// Whether an op passes.
    func lets(_ inspected: InspectedOp) -> Bool {
        let op = inspected.op
        if let kind, OpNames.name(op.kind) != kind { return false }
        if let user, inspected.user?.text != user { return false }
        if let replica, !op.id.dot.replica.description.hasPrefix(replica.lowercased()) {
            return false
        }
        if let target, target.op.log != op.id.log || target.op.dot != op.target { return false }
        return !onlyUnsealed || inspected.isUnsealed
    }
}
