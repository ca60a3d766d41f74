import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

extension CommandRunner {
    func createRoom(
        name: String, about: String, members: [String], kind: RoomSummary.Kind
    ) throws -> CommandOutcome {
        guard let kind = RoomKind(kind) else {
            throw FikaError(.invalidArgument, "a private chat is made by naming its user")
        }
        guard !name.isEmpty else { throw FikaError(.invalidArgument, "a room needs a name") }
        try Self.check(name, limit: Limits.nameBytesMaximum, what: "a name")
        try Self.check(about, limit: Limits.aboutBytesMaximum, what: "a description")
        let users = Set(try members.map(user)).subtracting([store.profile.user]).sorted()
        var generator = store.environment.generator
        let nonce = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let creation = Creation(
            kind: kind, workspace: store.profile.workspace, nonce: nonce, name: name,
            about: about)
        let room = RoomID(
            Hashes.roomLogID(creator: store.profile.publicKey, nonce: nonce))
        let grants = users.map { OpDraft(.grant, body: Grant(user: $0, role: .member).body) }
        _ = try write([OpDraft(.create, body: creation.body)] + grants, to: room)
        return .room(room)
    }

    func privateChat(with other: String) throws -> CommandOutcome {
        let preimage = LogPreimage(
            workspace: store.profile.workspace, kind: .privateChat,
            users: [store.profile.user, try user(other)])
        return .room(RoomID(try store.write { writer, db in try writer.prepare(preimage, db) }))
    }

    func invite(_ text: String, to room: RoomID, asModerator: Bool) throws -> CommandOutcome {
        let user = try user(text)
        let ops = try store.write { writer, db in
            let history = try writer.history(of: room.log, db)
            let grant = Grant(
                user: user, role: asModerator ? .moderator : .member,
                leave: history.newestLeave(of: user))
            return try writer.write([OpDraft(.grant, body: grant.body)], to: room.log, db)
        }
        return outcome(ops, in: room)
    }

    func remove(_ text: String, from room: RoomID) throws -> CommandOutcome {
        let user = try user(text)
        let ops = try store.write { writer, db in
            let grants = try writer.history(of: room.log, db).grantsInEffect(of: user)
            guard !grants.isEmpty else {
                throw FikaError(.notFound, "\(user) is not in the room")
            }
            return try writer.write(
                grants.map { OpDraft(.revoke, target: $0) }, to: room.log, db)
        }
        return outcome(ops, in: room)
    }

    func markRead(
        _ room: RoomID, from first: MessageID?, upTo last: MessageID?
    ) throws -> CommandOutcome {
        try store.write { writer, db in
            let queries = ViewQueries(db, catalog: writer.catalog)
            func time(of message: MessageID) throws -> HybridTime {
                guard let row = try queries.row(room.log, message.op.dot) else {
                    throw StoreError.refused(.unknownTarget)
                }
                return row.row.stamp.time
            }
            let start = try first.map(time) ?? .zero
            // Above every time that a store keeps.
            let end = try last.map(time) ?? HybridTime(raw: UInt64(Int64.max))
            let before = try queries.unread(in: room.log).rows
            let unread = try queries.unreadDots(in: room.log, from: start, upTo: end)
            guard !unread.isEmpty else { return .read(0) }
            let personal = try writer.prepare(store.profile.personalLog, db)
            let drafts = ReadMarkBody.bodies(log: room.log, marks: unread).map {
                OpDraft(.readMark, body: $0.body)
            }
            _ = try writer.write(drafts, to: personal, db)
            return .read(before - (try queries.unread(in: room.log).rows))
        }
    }
}

extension RoomKind {
    /// Nil for private chats, which nobody creates.
    fileprivate init?(_ kind: RoomSummary.Kind) {
        switch kind {
        case .room: self = .room
        case .visitor: self = .visitor
        case .event: self = .event
        case .privateChat: return nil
        }
    }
}

extension ReadMarkBody {
    /// Cuts marks into bodies that keep within the limit of intervals.
    fileprivate static func bodies(log: LogID, marks: VersionVector) -> [ReadMarkBody] {
        var bodies: [ReadMarkBody] = []
        var part: [ReplicaMarks] = []
        var room = Limits.readMarkIntervalsMaximum
        for replica in marks.replicas {
            var rest = marks[replica].intervals[...]
            while !rest.isEmpty {
                let taken = rest.prefix(room)
                part.append(ReplicaMarks(replica: replica, seqs: IntervalSet(taken)))
                rest = rest.dropFirst(taken.count)
                room -= taken.count
                guard room == 0 else { continue }
                bodies.append(ReadMarkBody(log: log, marks: part))
                part = []
                room = Limits.readMarkIntervalsMaximum
            }
        }
        if !part.isEmpty { bodies.append(ReadMarkBody(log: log, marks: part)) }
        return bodies
    }
}
