import FikaChat
import FikaCRDT
import FikaLog
import GRDB

extension StoreWriter {
    /// Refuses what this user may not write here, before anything is written.
    ///
    /// The same rules judge the op again at every holder; this only spares the user an op that
    /// would never count.
    func check(_ draft: OpDraft, log: Int64, _ db: Database) throws {
        guard draft.body.count <= Limits.bodyBytesMaximum else {
            throw StoreError.refused(.tooLarge("\(draft.body.count) bytes"))
        }
        if try views.isReadOnly(log: log, db) { throw StoreError.refused(.needsUpgrade) }
        let history = try views.history(ofLog: log, db)
        let content = try decode(draft)
        if draft.kind.flags.contains(.access) {
            try checkAccess(content, history: history)
        } else if draft.kind != .introduction {
            try checkContent(draft, history: history, log: log, db)
        }
    }

    /// Whether this user is a member of a log now (rule F11).
    func mayRead(_ log: LogID, _ db: Database) throws -> Bool {
        guard let row = try catalog.row(of: log, db) else { return false }
        return try views.history(ofLog: row, db).role(of: profile.user) != nil
    }

    private func decode(_ draft: OpDraft) throws -> ChatOp {
        do {
            return try ChatOp.decode(
                kind: draft.kind.kind, target: draft.target, body: draft.body)
        } catch {
            throw StoreError.refused(.notAllowed("the body is malformed: \(error)"))
        }
    }

    /// Folds the op in as the newest one and looks whether it counts.
    private func checkAccess(_ content: ChatOp, history: AccessHistory) throws {
        let dot = Dot(replica: ReplicaID(high: .max, low: .max), seq: 1)
        let newest = Stamp(time: HybridTime(raw: .max), replica: dot.replica)
        var history = history
        history.insert(
            AccessOp(
                point: .pending(newest), dot: dot,
                author: AccessAuthor(user: profile.user, publicKey: profile.publicKey),
                content: content))
        switch history.verdict(of: dot) {
        case .counted, .withoutEffect, nil: return
        case .waiting: throw StoreError.refused(.unknownTarget)
        case .ignored(.notMember): throw StoreError.refused(.notMember)
        case .ignored(let refusal): throw StoreError.refused(.notAllowed("\(refusal)"))
        }
    }

    private func checkContent(
        _ draft: OpDraft, history: AccessHistory, log: Int64, _ db: Database
    ) throws {
        var rowAuthor: UserID?
        if let target = draft.target, draft.kind != .message {
            let key = try catalog.key(of: target, log: log, db)
            guard let author = try views.author(ofRow: key, db) else {
                throw StoreError.refused(.unknownTarget)
            }
            switch author {
            case .user(let user): rowAuthor = user
            case .imported(_, let importer): rowAuthor = importer
            }
        }
        let refusal = Permissions.refusal(
            of: draft.kind, by: profile.user, as: history.role(of: profile.user),
            in: history.kind, rowAuthor: rowAuthor)
        guard let refusal else { return }
        throw StoreError.refused(
            refusal == .notMember ? .notMember : .notAllowed("\(refusal)"))
    }
}
