import FikaCRDT
import FikaChat
import FikaLog

/// Destroys what an accepted delete takes along, whenever it arrives (rule E1).
struct Eraser {
    let place: LogState

    /// Erases what newly accepted ops delete, and those of them that were deleted before.
    ///
    /// - Returns: Whether any of the new ones was erased.
    func erase<Log: RelayLog>(for rows: [AcceptedRow], _ log: inout Log) throws -> Bool {
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

    private func eraseAll<Log: RelayLog>(
        from dot: Dot, _ erased: inout Set<Dot>, _ log: inout Log
    ) throws {
        var waiting = [dot]
        while let next = waiting.popLast() {
            guard erased.insert(next).inserted else { continue }
            if let op = try op(next, log) {
                guard KindFlags(of: op.kind).contains(.salted) else { continue }
                if op.body != nil { try log.erase(op.id, residue: try residue(of: op, log)) }
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

    /// What stays of an imported line, so that a later copy is known (rule M23).
    private func residue<Log: RelayLog>(of op: Op, _ log: Log) throws -> [UInt8] {
        guard op.kind == ChatKind.imported.kind,
            case .imported(let line)? = try? ChatOp.decode(op),
            let run = try self.op(Dot(replica: op.id.dot.replica, seq: 2), log),
            case .importRun(let source)? = try? ChatOp.decode(run)
        else { return [] }
        return ImportKey(log: place.log, run: source, time: op.time, line).residue
    }

    private func op<Log: RelayLog>(_ dot: Dot, _ log: Log) throws -> Op? {
        try log.ops(of: dot.replica, in: place.log, seqs: dot.seq...dot.seq).first
    }
}
