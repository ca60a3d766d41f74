package import FikaLog

/// What the two ends of a connection say to each other (`Specs/sync-protocol.md`).
package enum Frame: Hashable, Sendable {
    case welcome(Welcome)
    case hello(Hello)
    case ready(Ready)
    case failure(Failure)
    case cursors([LogCursor])
    case status(LogStatus)
    case names(Names)
    case brief(Brief)
    case batch(Batch)
    case placed(Placed)
    case head(Head)
    case refusal(Refusal)
    case credit(UInt64)
    case page(PageRequest)
    case want(OpsRequest)
    case positions(PositionsRequest)
    case done(UInt64)
    case haves(Haves)
    case synced(UInt64)
    case ephemeral(Ephemeral)
    case ping(UInt64)
    case pong(UInt64)
    case goodbye(retryAfter: UInt64)
}
