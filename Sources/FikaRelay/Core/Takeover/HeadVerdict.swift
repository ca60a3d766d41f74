import FikaCRDT
package import FikaLog

/// What a head that a client brings means to a relay (rules S4 and S5).
package enum HeadVerdict: Hashable, Sendable {
    /// Nobody signed it whose order this relay goes on with.
    case untrusted
    /// The relay's own order contains it.
    case contained
    /// It lies within what is reserved: its position is a point at which a filling can be proven.
    case withinReserved
    /// This relay signed it in this very epoch and does not contain it: it lost something.
    case provesLoss
    /// The order goes on from it; what is missing below is reserved.
    case takesOver
    /// Positions were given in this epoch that it contradicts: its ops are appended in its order.
    case isSecondOrder

    /// Judges a head.
    ///
    /// - Parameters:
    ///   - head: What was brought, for this log.
    ///   - order: The relay's order of the log; nil when it has none.
    ///   - running: The relay's running hash at the head's position; nil where it has none.
    ///   - epoch: The relay's epoch.
    ///   - keys: The relay's own key and those that it was told to succeed.
    package init(
        of head: Head, order: LogOrder?, running: Digest?, epoch: Epoch, keys: [PublicKey]
    ) {
        guard keys.contains(where: { head.isSigned(by: $0) }) else {
            self = .untrusted
            return
        }
        if let running, running == head.running {
            self = .contained
        } else if let reserved = order?.reserved, head.position <= reserved.position,
            running == nil
        {
            self = .withinReserved
        } else if head.epoch == epoch, !PlantedBug.relayTrustsOldCopies.isPlanted {
            self = .provesLoss
        } else if let order, order.firstGiven != nil || head.position <= order.position {
            self = .isSecondOrder
        } else if PlantedBug.numbersFromOneAgain.isPlanted {
            self = .isSecondOrder
        } else {
            self = .takesOver
        }
    }
}
