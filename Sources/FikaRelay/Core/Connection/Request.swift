import FikaCRDT
import FikaSync

/// A question that waits for its answer (rule D7).
enum Request: Hashable, Sendable {
    case page(PageRequest)
    case want(OpsRequest)
    /// Positions; `next` is the first that is not answered.
    case positions(PositionsRequest, next: UInt64)
    /// Nobody asked: why the user may not read a log any more (rule R7).
    case ended(LogID)
}
