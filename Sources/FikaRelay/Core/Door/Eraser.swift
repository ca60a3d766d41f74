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
                if let target = try row.target.map({ try name($0, log) }),
                    try counts(row.dot, at: row.position, on: target, log)
                {
                    try eraseAll(of: target, &erased, &log)
                }
                continue
            }
            guard KindFlags(of: row.kind).contains(.salted) else { continue }
            try erase(row, ifGone: &erased, &log)
        }
        return rows.contains { erased.contains($0.dot) }
    }

    /// Erases a new op that a delete took along before it came.
    private mutating func erase<Log: RelayLog>(
        _ row: AcceptedRow, ifGone erased: inout Set<Dot>, _ log: inout Log
    ) throws {
        if try mayBeNamed(row, log) {
            let named = try name(row.dot, log)
            if try isDeleted(named, row, log) { return try eraseAll(of: named, &erased, &log) }
        }
        guard let target = row.target, ChatKind.takenAlong.contains(row.kind),
            try name(target, log).ops.contains(where: { $0.body == nil })
        else { return }
        try eraseAlong(row.dot, of: target, &erased, &log)
    }

    /// Whether anything that came before may be about a new op; mostly nothing is.
    private func mayBeNamed<Log: RelayLog>(_ row: AcceptedRow, _ log: Log) throws -> Bool {
        if row.origin != nil { return true }
        if row.kind == ChatKind.imported.kind, !place.erasedImports.isEmpty { return true }
        return try !log.aims(at: row.dot, in: place.log).isEmpty
    }

    private func isDeleted<Log: RelayLog>(
        _ named: NamedOps, _ row: AcceptedRow, _ log: Log
    ) throws -> Bool {
        if named.ops.contains(where: { $0.body == nil }) { return true }
        if row.kind == ChatKind.imported.kind, !place.erasedImports.isEmpty,
            let op = try op(row.dot, log), let key = try importKey(of: op, log),
            place.erasedImports.contains(key)
        {
            return true
        }
        for dot in named.dots {
            for aim in try log.aims(at: dot, in: place.log) {
                guard try op(aim, log)?.kind == ChatKind.delete.kind,
                    let position = try position(of: aim, log)
                else { continue }
                if try counts(aim, at: position, on: named, log) { return true }
            }
        }
        return false
    }

    /// Whether a delete was its author's to make, and of something that can be deleted.
    private func counts<Log: RelayLog>(
        _ delete: Dot, at position: UInt64, on named: NamedOps, _ log: Log
    ) throws -> Bool {
        guard let user = place.user(of: delete.replica), let first = named.ops.first,
            let kind = ChatKind(first.kind), Permissions.canAim(.delete, at: kind)
        else { return false }
        // What says nothing is no row, so no delete of it counts (rule M2).
        guard first.body == nil || (try? ChatOp.decode(first)) != nil else { return false }
        let role = place.history.role(of: user, at: .accepted(position))
        return Permissions.refusal(
            of: .delete, by: user, as: role, in: place.history.kind,
            rowAuthor: place.user(of: first.id.dot.replica)) == nil
    }

    private mutating func eraseAll<Log: RelayLog>(
        of named: NamedOps, _ erased: inout Set<Dot>, _ log: inout Log
    ) throws {
        var waiting = [named]
        while let next = waiting.popLast() {
            for op in next.ops where KindFlags(of: op.kind).contains(.salted) {
                guard erased.insert(op.id.dot).inserted, op.body != nil else { continue }
                for copy in try erase(op, &log) { waiting.append(try name(copy, log)) }
            }
            guard !PlantedBug.keepsEditsOfDeleted.isPlanted else { continue }
            for dot in next.dots {
                for aim in try log.aims(at: dot, in: place.log) {
                    try eraseAlong(aim, of: dot, &erased, &log)
                }
            }
        }
    }

    /// Erases what is aimed at something that is gone.
    private mutating func eraseAlong<Log: RelayLog>(
        _ dot: Dot, of target: Dot, _ erased: inout Set<Dot>, _ log: inout Log
    ) throws {
        guard let op = try op(dot, log), op.target == target,
            ChatKind.takenAlong.contains(op.kind), KindFlags(of: op.kind).contains(.salted),
            erased.insert(dot).inserted, op.body != nil
        else { return }
        _ = try erase(op, &log)
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

    func position<Log: RelayLog>(of dot: Dot, _ log: Log) throws -> UInt64? {
        try log.placements(of: dot.replica, in: place.log, seqs: dot.seq...dot.seq)
            .first?.position
    }

    func op<Log: RelayLog>(_ dot: Dot, _ log: Log) throws -> Op? {
        try log.ops(of: dot.replica, in: place.log, seqs: dot.seq...dot.seq).first
    }
}
