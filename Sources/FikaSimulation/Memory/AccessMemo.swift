import FikaCRDT
import FikaChat
import FikaLog
import Synchronization

/// What was worked out of who may what, until something of what it follows from is another.
///
/// Holders with one memo hold the same: a copy that changes takes a new one.
final class AccessMemo: Sendable {
    private let known = Mutex<[LogID: AccessHistory]>([:])

    func access(to id: LogID, orElse work: () -> AccessHistory) -> AccessHistory {
        if let access = known.withLock({ $0[id] }) { return access }
        let access = work()
        known.withLock { $0[id] = access }
        return access
    }
}
