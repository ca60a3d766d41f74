import FikaCRDT
import FikaChat
import FikaLog

extension WorldCounts {
    /// What can be seen in a world that came to its end.
    init(_ world: World, _ outcome: WorldOutcome) {
        self = world.counts
        add(.course, "worlds")
        if total(.faults) > 0, world.isHealed { add(.course, "healed worlds") }
        for disk in world.disks { add(disk) }
        for room in outcome.rooms {
            add(.course, "ops accepted", room.ops.count)
            add(.course, "ops said again", room.ops.count { $0.op.origin != nil })
            add(.course, "rows deleted", room.result.state.rows.count { $0.content == .deleted })
            add(.course, "ops without effect", room.result.count(of: .ignored))
            countCloses(room)
            countConflicts(room)
        }
    }

    private mutating func add(_ disk: SimulatedDisk) {
        for (fault, count) in disk.struck { add(.disks, fault.rawValue, count) }
        for (loss, count) in disk.losses { add(.disks, "power \(loss.rawValue)", count) }
        add(.disks, Self.noRoom, disk.refusedForRoom)
    }

    private mutating func countCloses(_ room: WorldOutcome.Room) {
        for held in room.ops where held.op.kind == ChatKind.close.kind {
            guard case .close(let close)? = try? ChatOp.decode(held.op) else { continue }
            add(.closes, "\(close.reason)")
        }
    }

    /// What is changed, and how.
    private struct Subject: Hashable {
        var kind: ChatKind
        var target: Dot?
    }

    private mutating func countConflicts(_ room: WorldOutcome.Room) {
        var last: [Subject: Op] = [:]
        var changed: [Dot: Set<ChatKind>] = [:]
        for held in room.ops {
            guard let kind = ChatKind(held.op.kind), Self.canConflict.contains(kind) else {
                continue
            }
            let subject = Subject(kind: kind, target: held.op.target)
            let author = held.op.id.dot.replica
            if let before = last[subject], before.id.dot.replica != author,
                held.op.stamp < before.stamp
            {
                add(.conflicts, "\(kind)")
            }
            last[subject] = held.op
            guard let target = held.op.target else { continue }
            changed[target, default: []].insert(kind)
        }
        let both = changed.values.count { $0.isSuperset(of: [.edit, .delete]) }
        add(.conflicts, "edit and delete", both)
    }

    private static let canConflict: Set<ChatKind> = [
        .name, .edit, .delete, .reaction, .pin, .unpin, .vote, .grant, .revoke,
    ]
}
