package import FikaCRDT
package import FikaLog

/// Positions of ops that the receiver has, or is told apart: the relay's ack.
package struct Placed: Hashable, Sendable {
    package var log: LogID
    package var placements: [Placement]

    package init(log: LogID, placements: [Placement]) {
        self.log = log
        self.placements = placements
    }
}
