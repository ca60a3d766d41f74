import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

extension CommandRunner {
    func discard(_ first: MessageID) throws -> CommandOutcome {
        try store.write { writer, db in
            guard try writer.takeFromOutbox(first.op, db) != nil else { throw missing(first) }
            return .done
        }
    }

    /// Writes the ops of an item once more, under the rules that hold now.
    func sendAgain(_ first: MessageID) throws -> CommandOutcome {
        try store.write { writer, db in
            guard let ops = try writer.takeFromOutbox(first.op, db) else { throw missing(first) }
            let drafts = try ops.map { op in
                guard let kind = ChatKind(op.kind), let body = op.body else {
                    throw FikaError(.refused, "its text is gone")
                }
                return OpDraft(kind, target: op.target, body: body)
            }
            return outcome(try writer.write(drafts, to: first.op.log, db), in: first.room)
        }
    }

    private func missing(_ first: MessageID) -> FikaError {
        FikaError(.notFound, "nothing in the outbox begins with \(first.short)")
    }

    func setRelay(_ address: RelayAddress?) throws -> CommandOutcome {
        try store.write { _, db in try Settings(db).setRelayAddress(address?.description) }
        return .done
    }
}
