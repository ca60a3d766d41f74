import FikaCRDT
import FikaLog

/// Where an op is judged: every accepted point is below every pending one.
enum ModelPoint: Hashable {
    case accepted(UInt64)
    /// The seq tells apart what one replica stamped alike.
    case pending(Stamp, seq: UInt64)

    init(_ held: HeldOp, run: Op?) {
        if let position = held.position {
            self = .accepted(position)
        } else {
            self = .pending((run ?? held.op).stamp, seq: held.op.id.dot.seq)
        }
    }
}

extension ModelPoint: Comparable {
    static func < (left: ModelPoint, right: ModelPoint) -> Bool {
        switch (left, right) {
        case (.accepted(let left), .accepted(let right)): left < right
        case (.accepted, .pending): true
        case (.pending, .accepted): false
        case (.pending(let left, let leftSeq), .pending(let right, let rightSeq)):
            left != right ? left < right : leftSeq < rightSeq
        }
    }
}
