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
        /// The kind of an op about who may, which is never said again under its first name.
        package var accessKind: Kind?
        /// Whether it was written when everything had healed: then it must be accepted.
        package var isLast: Bool
        package init(
            client: Int, id: OpID, text: String?, accessKind: Kind? = nil, isLast: Bool = false
        ) {
            self.accessKind = accessKind
            self.isLast = isLast
            self.client = client
            self.id = id
            self.text = text
        }
    }

    package private(set) var writes: [Write] = []
    /// How many writes returned in all.
    package private(set) var returnedCount = 0
    /// What was found wrong while the world ran.
    package private(set) var findings: [String] = []
    /// Positions as the relay's disk has them.
    private struct Given {
        var dots: [LogID: [UInt64: Dot]] = [:]
        var positions: [LogID: [Dot: UInt64]] = [:]
    }

    private var given = Given()
    private var copied: Given?

    package init() {}

    /// A write that was folded into one before it says now what that one says.
    package func returned(_ write: Write) {
        if let index = writes.firstIndex(where: { $0.id == write.id && $0.client == write.client })
        {
            writes[index].text = write.text
        } else {
            writes.append(write)
        }
        returnedCount += 1
    }

    /// What an op says may be otherwise from now on, for what is being written is folded into it.
    package func mayChange(_ id: OpID) {
        for index in writes.indices where writes[index].id == id { writes[index].text = nil }
    }

    /// These were emptied by their author before anybody saw them, or went with a disk.
    package func withdraw(_ ids: Set<OpID>) {
        guard !ids.isEmpty else { return }
        writes.removeAll { ids.contains($0.id) }
    }

    package func find(_ finding: String) {
        if findings.count < 20 { findings.append(finding) }
    }

    /// Whether the relay lost its log.
    package private(set) var isWiped = false

    /// What was promised before is to be proven by those who hold it, where a head covers it.
    package func wipe() {
        isWiped = true
        given = Given()
    }

    /// Whether the relay's log was ever put back.
    package private(set) var isPutBack = false

    /// Whether the relay lost anything of its log, by either.
    package var hasLost: Bool { isWiped || isPutBack }

    /// The relay's disk is copied.
    package func copy() { copied = given }

    /// The copy takes the disk's place.
    package func putBack() {
        isPutBack = true
        given = copied ?? Given()
        copied = nil
    }

    /// The relay has committed a placement.
    package func commit(_ placement: Placement, of log: LogID) {
        for index in 0..<placement.count {
            let dot = Dot(replica: placement.replica, seq: placement.seq + index)
            let position = placement.position + index
            if let other = given.dots[log]?[position], other != dot {
                find("\(log): position \(position) was \(other)'s and is given to \(dot)")
            }
            if let other = given.positions[log]?[dot], other != position {
                find("\(log): \(dot) stood at \(other) and is placed at \(position)")
            }
            given.dots[log, default: [:]][position] = dot
            given.positions[log, default: [:]][dot] = position
        }
    }

    /// The relay tells somebody of a placement: it must have been committed.
    package func told(_ placement: Placement, of log: LogID) {
        for index in 0..<placement.count {
            let dot = Dot(replica: placement.replica, seq: placement.seq + index)
            guard given.dots[log]?[placement.position + index] == dot else {
                return find("\(log): \(dot) is told at a position that was never committed")
            }
        }
    }

    /// The relay tells how far it signed a log: all of it must have been committed.
    package func told(_ head: Head) {
        guard head.position > positionCount(of: head.log) else { return }
        find("\(head.log): a head at \(head.position), where nothing was committed")
    }

    /// How many positions of a log were ever given.
    package func positionCount(of log: LogID) -> Int { given.dots[log]?.count ?? 0 }

    package var logs: [LogID] { given.dots.keys.sorted() }

    package func position(of dot: Dot, in log: LogID) -> UInt64? { given.positions[log]?[dot] }
}
