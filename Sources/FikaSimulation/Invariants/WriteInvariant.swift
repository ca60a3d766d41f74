import FikaCRDT
import FikaChat

import FikaLog
import FikaRelay
import FikaSync

/// No write that returned is lost: it was accepted, said again and accepted, or kept with its text.
enum WriteInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        let kept = try world.clients.map { try $0.holder.kept() }
        let promised = world.ledger.writes.filter { !world.clients[$0.client].isMalicious }
        return try promised.compactMap { write in
            let dot = write.id.dot
            let isAccepted = outcome.room(write.id.log)?.ops.contains {
                $0.op.id.dot == dot || $0.op.origin?.dot == dot
            }
            if isAccepted == true { return nil }
            if write.isLast, isIn(write, world, outcome) {
                return "client \(write.client) cannot write: \(write.id)"
            }
            let kept =
                try kept[write.client].first { $0.id.dot == dot || $0.origin?.dot == dot }
                ?? keptAnew(write, kept[write.client], world)
            if kept == nil,
                try world.clients[write.client].holder.emptied(in: write.id.log)
                    .contains(write.id)
            {
                // An unsealed edit goes with its target, when that was deleted meanwhile (E1).
                return nil
            }
            if kept == nil, try isExcused(write, world, outcome) { return nil }
            guard let kept else {
                return "client \(write.client) wrote \(write.id), which is nowhere"
            }
            guard let text = write.text else { return nil }
            if kept.body == nil, try isDeleted(kept, of: write, world, outcome) { return nil }
            let body = String(decoding: kept.body ?? [], as: UTF8.self)
            return body.contains(text) ? nil : "the text of \(write.id) is gone"
        }
    }

    /// Whether the relay, too, takes the author for a member; who was let in by what was refused
    /// afterwards knows it only by being refused.
    private static func isIn(
        _ write: WorldLedger.Write, _ world: World, _ outcome: WorldOutcome
    ) -> Bool {
        let user = world.clients[write.client].device.user
        return outcome.room(write.id.log)?.readers.contains(user) == true
    }

    /// Whether the body of what is kept is destroyed because its author holds a delete of it, or of
    /// what it is aimed at (rule E1).
    private static func isDeleted(
        _ kept: Op, of write: WorldLedger.Write, _ world: World, _ outcome: WorldOutcome
    ) throws -> Bool {
        let log = write.id.log
        let ops = try world.clients[write.client].holder.ops(of: log)
        let input = ModelInput(
            log: log, ops: ops, trustedRelays: [outcome.relayKey], viewer: UserID.nobody,
            personal: [])
        return ReferenceModel.doomed(input).contains(kept.id.dot)
    }

    /// What is kept of a change of access that was said again, for that is under another name (A4),
    /// and refused under that name, too.
    private static func keptAnew(
        _ write: WorldLedger.Write, _ kept: [Op], _ world: World
    ) throws -> Op? {
        guard let kind = write.accessKind else { return nil }
        let held = try world.clients[write.client].holder.ops(of: write.id.log)
        guard let original = held.first(where: { $0.op.id == write.id })?.op else { return nil }
        return kept.first {
            $0.id.log == write.id.log && $0.kind == kind && $0.target == original.target
                && $0.body == original.body
        }
    }

    private static func isExcused(
        _ write: WorldLedger.Write, _ world: World, _ outcome: WorldOutcome
    ) throws -> Bool {
        if isSaidAgain(write, in: outcome.room(write.id.log)?.ops ?? []) { return true }
        if try wentWithStore(write, world, outcome) { return true }
        guard world.ledger.hasLost else { return false }
        // A room that its author has left, or all have, is not brought back by the author.
        guard !isIn(write, world, outcome) else { return false }
        if try isHeld(write, world) { return true }
        let held = try world.clients[write.client].holder.ops(of: write.id.log)
        return isSaidAgain(write, in: held)
    }

    /// Whether it is there as what was said again; a change of access has another name then.
    private static func isSaidAgain(_ write: WorldLedger.Write, in ops: [HeldOp]) -> Bool {
        ops.contains { held in
            held.op.origin?.dot == write.id.dot
                || held.op.kind == write.accessKind
                    && held.op.id.dot.replica != write.id.dot.replica
        }
    }

    /// Whether its author's store was put back to before it, and nothing could bring it again: what
    /// lies beyond a close comes from others as ops that no holder shows.
    private static func wentWithStore(
        _ write: WorldLedger.Write, _ world: World, _ outcome: WorldOutcome
    ) throws -> Bool {
        guard world.clients[write.client].wasPutBack else { return false }
        let accepted = try accepted(write, world)
        if let closedAt = accepted?.closedAt, write.id.dot.seq > closedAt { return true }
        // Of a room that its author has left nothing is sent any more.
        guard try !isHeld(write, world) || !isIn(write, world, outcome) else { return false }
        return try accepted.map { try !isWithOthers(write, after: $0.last, world, outcome) } ?? true
    }

    /// Whether those who are in hold it and all that the relay lacks before it: so much of what a
    /// store lost that was put back comes again from others.
    private static func isWithOthers(
        _ write: WorldLedger.Write, after last: UInt64, _ world: World, _ outcome: WorldOutcome
    ) throws -> Bool {
        let dot = write.id.dot
        guard let room = outcome.room(write.id.log), dot.seq > last else { return false }
        let held = try outcome.readers(of: room, in: world).map {
            Set(try $0.holder.ops(of: room.log).map(\.op.id.dot))
        }
        return (last + 1...dot.seq).allSatisfy { seq in
            held.contains { $0.contains(Dot(replica: dot.replica, seq: seq)) }
        }
    }

    /// What the relay took of a write's replica; nil if nothing.
    private static func accepted(
        _ write: WorldLedger.Write, _ world: World
    ) throws -> AcceptedReplica? {
        try world.relay.log.acceptedReplicas(of: write.id.log)
            .first { $0.replica == write.id.dot.replica }
    }

    private static func isHeld(_ write: WorldLedger.Write, _ world: World) throws -> Bool {
        let dot = write.id.dot
        let store = world.clients[write.client].holder
        return try store.chain(of: dot.replica, in: write.id.log, at: dot.seq) != nil
    }
}
