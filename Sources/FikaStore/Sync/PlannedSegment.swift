import FikaLog

/// A segment that verifies and contradicts nothing that is held.
struct PlannedSegment {
    let verified: VerifiedSegment
    let plan: AppendPlan
}
