import FikaCRDT
import FikaChat
import FikaLog

/// Destroys what an accepted delete takes along, whenever it arrives (rule E1).
struct Eraser {
    let place: LogState
    /// The imported lines that were erased.
    private(set) var imports: Set<ImportKey> = []

    init(place: LogState) {
        self.place = place
    }

    /// Erases what newly accepted ops delete, and those of them that were deleted before.
    ///
    /// - Returns: Whether any of the new ones was erased.
    mutating func erase<Log: RelayLog>(for rows: [AcceptedRow], _ log: inout Log) throws -> Bool {
        var erased: Set<Dot> = []
        for row in rows {
            if row.kind == ChatKind.delete.kind {
                if let target = row.target, try counts(row.dot, at: row.position, on: target, log) {
                    try eraseAll(from: target, &erased, &log)
                }
                continue
            }
            guard KindFlags(of: row.kind).contains(.salted) else { continue }
            if try isGone(row, log) { try eraseAll(from: row.dot, &erased, &log) }
        }
        return rows.contains { erased.contains($0.dot) }
    }

    /// Whether a delete took a new op along before it came.
    private func isGone<Log: RelayLog>(_ row: AcceptedRow, _ log: Log) throws -> Bool {
        if try isDeleted(row.dot, log) { return true }
        if row.kind == ChatKind.imported.kind, !place.erasedImports.isEmpty {
            guard let op = try op(row.dot, log), let key = try importKey(of: op, log) else {
                return false
            }
            return place.erasedImports.contains(key)
        }
        if let origin = row.origin, try isDeleted(origin, as: row.dot, log) { return true }
        guard let target = row.target, ChatKind.takenAlong.contains(row.kind),
            let op = try op(target, log)
        else { return false }
        return op.body == nil
    }

    private func isDeleted<Log: RelayLog>(
        _ dot: Dot, as copy: Dot? = nil, _ log: Log
    ) throws -> Bool {
        for aim in try log.aims(at: dot, in: place.log) {
            guard try op(aim, log)?.kind == ChatKind.delete.kind,
                let position = try log.placements(
                    of: aim.replica, in: place.log, seqs: aim.seq...aim.seq
                ).first?.position
            else { continue }
            if try counts(aim, at: position, on: copy ?? dot, log) { return true }
        }
        return false
    }

    /// Whether a delete was its author's to make, and of something that can be deleted.
    private func counts<Log: RelayLog>(
        _ delete: Dot, at position: UInt64, on target: Dot, _ log: Log
    ) throws -> Bool {
        guard let user = place.user(of: delete.replica), let op = try op(target, log),
            let kind = ChatKind(op.kind), Permissions.canAim(.delete, at: kind)
        else { return false }
        let role = place.history.role(of: user, at: .accepted(position))
        return Permissions.refusal(
            of: .delete, by: user, as: role, in: place.history.kind,
            rowAuthor: place.user(of: target.replica)) == nil
    }

    private mutating func eraseAll<Log: RelayLog>(
        from dot: Dot, _ erased: inout Set<Dot>, _ log: inout Log
    ) throws {
        var waiting = [dot]
        while let next = waiting.popLast() {
            guard erased.insert(next).inserted else { continue }
            if let op = try op(next, log) {
                guard KindFlags(of: op.kind).contains(.salted) else { continue }
                if op.body != nil { waiting += try erase(op, &log) }
                if let origin = op.origin?.dot,
                    place.user(of: origin.replica) == place.user(of: next.replica)
                {
                    waiting.append(origin)
                }
            }
            guard !PlantedBug.keepsEditsOfDeleted.isPlanted else { continue }
            waiting += try log.aims(at: next, in: place.log)
        }
    }

    /// Erases one op; returns the copies of an imported line, which go with it.
    private mutating func erase<Log: RelayLog>(_ op: Op, _ log: inout Log) throws -> [Dot] {
        let key = try importKey(of: op, log)
        // What stays of an imported line, so that a later copy is known (rule M23).
        try log.erase(op.id, residue: key?.residue ?? [])
        guard let key else { return [] }
        imports.insert(key)
        try log.noteErasedImport(key, in: place.log)
        return try copies(of: key, at: op.time.milliseconds, log)
    }

    private func importKey<Log: RelayLog>(of op: Op, _ log: Log) throws -> ImportKey? {
        guard op.kind == ChatKind.imported.kind,
            case .imported(let line)? = try? ChatOp.decode(op),
            let run = try self.op(Dot(replica: op.id.dot.replica, seq: 2), log),
            case .importRun(let source)? = try? ChatOp.decode(run)
        else { return nil }
        return ImportKey(log: place.log, run: source, time: op.time, line)
    }

    /// Copies have the time of what was said, so they stand next to each other.
    private func copies<Log: RelayLog>(
        of key: ImportKey, at milliseconds: UInt64, _ log: Log
    ) throws -> [Dot] {
        var copies: [Dot] = []
        var before = HybridTime(milliseconds: milliseconds + 1)
        while true {
            let page = try log.newest(
                in: place.log, before: before, limit: Limits.pageOpsMaximum)
            var last: HybridTime?
            for dot in page {
                guard let op = try op(dot, log), op.time.milliseconds == milliseconds else {
                    return copies
                }
                if op.body != nil, try importKey(of: op, log) == key { copies.append(dot) }
                last = op.time
            }
            guard page.count == Limits.pageOpsMaximum, let last else { return copies }
            // Those of the last time once more: the page may have cut between them.
            before = last.next < before ? last.next : last
        }
    }

    private func op<Log: RelayLog>(_ dot: Dot, _ log: Log) throws -> Op? {
        try log.ops(of: dot.replica, in: place.log, seqs: dot.seq...dot.seq).first
    }
}
