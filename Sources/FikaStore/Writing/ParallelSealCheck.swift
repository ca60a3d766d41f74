import Dispatch
import FikaLog
import Synchronization

/// Checks signatures, the one costly step of verifying, on all cores.
enum ParallelSealCheck {
    /// The index of an invalid claim, the lowest that was met; nil when all are valid.
    static func firstInvalid(_ claims: [SealClaim]) -> Int? {
        // Below this, handing work to other threads costs more than it saves.
        guard claims.count >= 8 else { return claims.firstIndex { !$0.isValid } }
        let found = Mutex<Int?>(nil)
        let stripes = 4
        DispatchQueue.concurrentPerform(iterations: stripes) { stripe in
            for index in stride(from: stripe, to: claims.count, by: stripes)
            where !claims[index].isValid {
                found.withLock { $0 = min($0 ?? index, index) }
                return
            }
        }
        return found.withLock { $0 }
    }
}
