package import FikaLog
import Synchronization

/// Seals that were found valid: in a world many devices check the same, each of them once.
package final class CheckedSeals: Sendable {
    private let valid = Mutex<Set<SealClaim>>([])

    package init() {}

    /// The index of the first claim that is not valid; nil when all are.
    package func firstInvalid(_ claims: [SealClaim]) -> Int? {
        claims.firstIndex { claim in
            if valid.withLock({ $0.contains(claim) }) { return false }
            guard claim.isValid else { return true }
            valid.withLock { _ = $0.insert(claim) }
            return false
        }
    }
}
