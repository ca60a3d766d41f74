package import FikaCRDT

package import FikaLog

/// What must stay true whatever fails later: each return of a write, each position ever given.
///
/// It notes what contradicts it at once.
package final class WorldLedger {
    /// A write that returned.
    package struct Write: Hashable, Sendable {
        package var client: Int
        package var id: OpID
        /// A text that nothing else says; nil where the kind has none.
        package var text: String?
    }

    package private(set) var writes: [Write] = []
    /// What was found wrong while the world ran.
    package private(set) var findings: [String] = []
    private var dots: [LogID: [UInt64: Dot]] = [:]
    private var positions: [LogID: [Dot: UInt64]] = [:]

    package init() {}

    package func returned(_ write: Write) {
        writes.append(write)
    }

    package func find(_ finding: String) {
        if findings.count < 20 { findings.append(finding) }
    }

    /// The relay has committed a placement.
    package func commit(_ placement: Placement, of log: LogID) {
        for index in 0..<placement.count {
            let dot = Dot(replica: placement.replica, seq: placement.seq + index)
            let position = placement.position + index
            if let other = dots[log]?[position], other != dot {
                find("\(log): position \(position) was \(other)'s and is given to \(dot)")
            }
            if let other = positions[log]?[dot], other != position {
                find("\(log): \(dot) stood at \(other) and is placed at \(position)")
            }
            dots[log, default: [:]][position] = dot
            positions[log, default: [:]][dot] = position
        }
    }

    /// The relay tells somebody of a placement: it must have been committed.
    package func told(_ placement: Placement, of log: LogID) {
        for index in 0..<placement.count {
            let dot = Dot(replica: placement.replica, seq: placement.seq + index)
            guard dots[log]?[placement.position + index] == dot else {
                return find("\(log): \(dot) is told at a position that was never committed")
            }
        }
    }

    /// How many positions of a log were ever given.
    package func positionCount(of log: LogID) -> Int { dots[log]?.count ?? 0 }

    package var logs: [LogID] { dots.keys.sorted() }

    package func position(of dot: Dot, in log: LogID) -> UInt64? { positions[log]?[dot] }
}
