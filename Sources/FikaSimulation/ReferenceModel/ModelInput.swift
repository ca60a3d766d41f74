package import FikaCRDT
package import FikaLog

/// All that a holder has of one log, and whose view of it is asked for.
package struct ModelInput: Sendable {
    package var log: LogID
    /// The ops of the log, in any order.
    package var ops: [HeldOp]
    package var trustedRelays: Set<PublicKey>
    package var viewer: UserID
    /// The ops of the viewer's personal log, in any order.
    package var personal: [HeldOp]

    package init(
        log: LogID, ops: [HeldOp], trustedRelays: Set<PublicKey>, viewer: UserID,
        personal: [HeldOp]
    ) {
        self.log = log
        self.ops = ops
        self.trustedRelays = trustedRelays
        self.viewer = viewer
        self.personal = personal
    }
}
