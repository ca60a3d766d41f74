import FikaCRDT
import FikaLog
import FikaSync

/// Ops that a client handed in, verified.
struct Upload: Sendable {
    let sealed: SealedSegment
    let verified: VerifiedSegment

    var log: LogID { verified.log }
}

/// What a frame comes to, once all frames of its group are known to be good.
enum Step: Sendable {
    case ops(Upload)
    case refusal(Refusal)
    /// An introduction of a replica that has another one already (rule U5).
    case fork(LogID, ReplicaID)
    case frame(Frame)
}
