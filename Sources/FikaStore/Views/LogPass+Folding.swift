import FikaChat
import FikaLog
import GRDB

extension LogPass {
    /// Shows the new body of an unsealed op.
    func replaceBody(_ op: ViewOp) throws {
        switch ChatKind(op.kind) {
        case .message:
            guard let row = try row(op.key), !row.isDeleted, row.editOp == nil,
                case .message(let body, _)? = try? ChatOp.decode(
                    kind: op.kind, target: op.target, body: Array(op.body))
            else { return }
            try setText(body, of: row, editedBy: nil)
        case .edit:
            guard let target = op.target, let row = try row(key(target)), row.editOp == op.key,
                case .edit(let body, _)? = try? ChatOp.decode(
                    kind: op.kind, target: op.target, body: Array(op.body))
            else { return }
            try setText(body, of: row, editedBy: op)
        case .void, .introduction, .create, .grant, .revoke, .leave, .close, .name, .about,
            .delete, .reaction, .pin, .unpin, .poll, .pollQuestion, .pollSetting, .optionAdd,
            .optionText, .optionRemove, .vote, .readMark, .flag, .importRun, .imported, nil:
            context.needsRebuild = true
        }
    }

    /// Takes out what an unsealed op showed.
    ///
    /// A row goes with all that is aimed at it. Of other ops only pins leave a hole: an emptied
    /// edit or reaction is mostly outdone by a newer op, or its row goes in the same transaction;
    /// otherwise what it had outdone counts again.
    func void(_ op: ViewOp, isOutdone: Bool) throws {
        try delete("outcome", op.key)
        if let target = op.target { try deleteAim(of: op.key, at: key(target)) }
        switch ChatKind(op.kind) {
        case .pin: try removePin(op)
        case .edit, .reaction: if !isOutdone { context.needsRebuild = true }
        case .void, .introduction: break
        case .message, .poll:
            if let row = try row(op.key) { try remove(row) }
        case .create, .grant, .revoke, .leave, .close, .name, .about, .delete, .unpin,
            .pollQuestion, .pollSetting, .optionAdd, .optionText, .optionRemove, .vote,
            .readMark, .flag, .importRun, .imported, nil:
            context.needsRebuild = true
        }
    }

    private func removePin(_ op: ViewOp) throws {
        try delete("pin", op.key)
        guard let target = op.target, let row = try row(key(target)) else { return }
        let query = try HotStatement(db, "SELECT EXISTS (SELECT 1 FROM pin WHERE row = ?)")
        query.bind(1, row.key.raw)
        guard try query.next() else { return }
        let hasOthers = query.int(0) != 0
        query.reset()
        if !hasOthers { try setMarks(row.marks.subtracting(.hasPins), row) }
    }

    private func deleteAim(of op: OpKey, at target: OpKey) throws {
        let delete = try HotStatement(db, "DELETE FROM aimed WHERE target = ? AND op = ?")
        delete.bind(1, target.raw)
        delete.bind(2, op.raw)
        try delete.run()
    }

    private func delete(_ table: String, _ op: OpKey) throws {
        let delete = try HotStatement(db, "DELETE FROM \(table) WHERE op = ?")
        delete.bind(1, op.raw)
        try delete.run()
    }

    private func remove(_ row: FoundRow) throws {
        guard !row.marks.contains(.hasReactions), !row.marks.contains(.hasPins),
            row.editOp == nil, row.kind == .message
        else {
            context.needsRebuild = true
            return
        }
        if try isIndexed(row.key) { try search.remove(row.key, text: text(of: row.key)) }
        try deleteMentions(of: row)
        try delete("row", row.key)
        context.summary.rows -= 1
        context.isSummaryDirty = true
        if context.summary.lastRow == row.key { try findLastRow() }
    }
}
