import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

extension WorkspaceReader {
    func explain(_ question: WhyQuestion) throws -> Explanation {
        switch question {
        case .message(let id): try explain(message: id)
        case .name(let room): try explain(nameOf: room)
        case .member(let room, let user): try explain(member: user, of: room)
        case .vote(let poll, let user): try explain(voteOf: user, in: poll)
        }
    }

    private func explain(message id: MessageID) throws -> Explanation {
        let message = try message(id)
        let log = id.op.log
        let dot = message.id.op.dot
        var contest = Contest(history: try access.history(of: log))
        let ops = try opsOfLog(log) {
            $0.op.id.dot == dot || $0.op.target == dot || $0.op.origin?.dot == dot
        }
        guard let row = ops.first(where: { $0.op.id.dot == dot || $0.op.origin?.dot == dot })
        else { throw FikaError(.notFound, "the op of \(id) is not held") }
        for op in ops {
            if op.op.id.dot == row.op.id.dot {
                contest.make(op, rule: "M4", reason: "it is the row")
            } else if op.op.target == dot {
                contest.enter(op, on: row)
            } else {
                contest.ignore(op, rule: "M24", reason: "a copy of the same op")
            }
        }
        return contest.explanation(
            subject: "message \(message.id.short)", result: Self.result(message))
    }

    private func explain(nameOf room: RoomID) throws -> Explanation {
        let summary = try self.room(room)
        var contest = Contest(history: try access.history(of: room.log))
        let kinds = [ChatKind.create.kind, ChatKind.name.kind]
        for op in try opsOfLog(room.log, where: { kinds.contains($0.op.kind) }) {
            contest.enterName(op)
        }
        return contest.explanation(
            subject: "the name of room \(room.short)",
            result: "the room is named “\(summary.name)”")
    }

    private func explain(member user: String, of room: RoomID) throws -> Explanation {
        guard let user = UserID(user) else {
            throw FikaError(.invalidArgument, "no user's name")
        }
        _ = try self.room(room)
        let history = try access.history(of: room.log)
        var membership = MembershipReasons(user: user, history: history)
        let byDot = try opsOfLog(room.log) { KindFlags(of: $0.op.kind).contains(.access) }
        for op in byDot { membership.add(op) }
        let result =
            switch history.role(of: user) {
            case .moderator: "\(user) is a moderator"
            case .member: "\(user) is a member"
            case nil: "\(user) is not a member"
            }
        return Explanation(
            subject: "\(user) in room \(room.short)", result: result, steps: membership.steps)
    }

    private func explain(voteOf user: String, in id: MessageID) throws -> Explanation {
        let message = try message(id)
        guard case .poll(let poll) = message.content else {
            throw FikaError(.invalidArgument, "\(id.short) is no poll")
        }
        let dot = message.id.op.dot
        var contest = Contest(history: try access.history(of: id.op.log))
        let ops = try opsOfLog(id.op.log) {
            $0.op.id.dot == dot
                || ($0.op.target == dot && $0.op.kind == ChatKind.vote.kind
                    && $0.user?.text == user)
        }
        guard let row = ops.first(where: { $0.op.id.dot == dot }) else {
            throw FikaError(.notFound, "the op of \(id) is not held")
        }
        for op in ops where op.op.id.dot != dot { contest.enter(op, on: row) }
        if !poll.allowsMultiple {
            let counting = poll.options.filter { $0.voters.contains(user) }
            contest.keepVotes(for: counting.compactMap(\.reference.option))
        }
        let counting = poll.options.enumerated().filter { $0.element.voters.contains(user) }
            .map { "\($0.offset + 1) “\($0.element.text)”" }
        let choice = poll.allowsMultiple ? "several answers" : "a single answer, the latest"
        let result =
            counting.isEmpty
            ? "no vote of \(user) counts"
            : "\(user)'s vote counts for \(counting.joined(separator: ", ")) (\(choice))"
        return contest.explanation(
            subject: "\(user)'s vote in poll \(message.id.short)", result: result)
    }

    /// The ops that a condition lets pass, in the order of their stamps.
    private func opsOfLog(
        _ log: LogID, where condition: (InspectedOp) -> Bool
    ) throws -> [InspectedOp] {
        var ops: [InspectedOp] = []
        try inspector.forEachOp(of: log) { inspected in
            if condition(inspected) { ops.append(inspected) }
            return true
        }
        return ops.sorted {
            ($0.op.stamp, $0.op.id.dot.seq) < ($1.op.stamp, $1.op.id.dot.seq)
        }
    }

    private static func result(_ message: Message) -> String {
        switch message.content {
        case .text(let text, _, _): "\(message.author.name) says “\(text)”"
        case .imported(_, let text): "\(message.author.name) said “\(text)”"
        case .poll(let poll): "\(message.author.name) asks “\(poll.question)”"
        case .deleted: "it is deleted"
        case .event: "\(message.author.name) did what the op says"
        }
    }
}
