package import FikaCRDT

/// One end of a connection that keeps a ``SyncHolder`` in step: towards a relay or a device.
///
/// A driver tells events and carries out the actions in their order. Whatever breaks a rule comes
/// back as ``SessionAction/fail(_:)``; what is thrown is the holder's own failure, and then the
/// session is over, too.
package protocol SyncSession {
    /// The connection is there. Times are milliseconds of a monotonic clock.
    mutating func connected(now: UInt64) -> [SessionAction]

    /// Frames came, in one group: what they bring is stored together.
    mutating func received(
        _ frames: [DecodedFrame], holder: inout some SyncHolder
    ) throws -> [SessionAction]

    /// Bytes came that are no frame: whoever reads them found the failure.
    mutating func broken(_ failure: Failure) -> [SessionAction]

    /// The holder has something new that may have to go to the other end.
    mutating func localChanges(holder: inout some SyncHolder) throws -> [SessionAction]

    /// Says something that is never stored; dropped while the session is not open.
    mutating func ephemeral(_ ephemeral: Ephemeral) -> [SessionAction]

    /// Asks for the newest rows of a log whose stamps are before a time; a device is not asked.
    mutating func page(of log: LogID, before: HybridTime, limit: UInt64) -> [SessionAction]

    /// To be told every second or so.
    mutating func tick(
        now: UInt64, holder: inout some SyncHolder
    ) throws -> [SessionAction]

    /// Ends the session in a planned way: the actions' frames are its last.
    mutating func goodbye(retryAfter: UInt64) -> [SessionAction]
}

extension SyncSession {
    package mutating func page(
        of log: LogID, before: HybridTime, limit: UInt64
    ) -> [SessionAction] { [] }
}
