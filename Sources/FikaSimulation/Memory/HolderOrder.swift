package import FikaCRDT
package import FikaLog

/// What a ``MemoryHolder`` knows of one log's order.
package struct HolderOrder: Sendable {
    package struct Place: Hashable, Sendable {
        package var dot: Dot
        package var acceptedAt: UInt64
    }

    /// Told in the present epoch, by position.
    package private(set) var places: [UInt64: Place] = [:]
    /// Told in an epoch before, up to the head: to fill the next relay with.
    private var former: [UInt64: Place] = [:]
    private var positions: [Dot: UInt64] = [:]
    package private(set) var cursor: Cursor
    package private(set) var access: Digest
    /// The longest that the own hash joins.
    package private(set) var head: Head?
    private var waitingHeads: [Head] = []
    private let start: Digest

    package init(log: LogID) {
        start = RunningHash.start(log: log)
        cursor = Cursor(position: 0, running: start)
        access = start
    }

    package func position(of dot: Dot) -> UInt64? { positions[dot] }

    package func place(at position: UInt64) -> Place? { places[position] ?? former[position] }

    /// Takes a placement; one that contradicts what is known lets go of it (rule C4).
    ///
    /// What was told in this epoch stays where only what is known from before is contradicted.
    package mutating func place(_ placement: Placement) {
        for offset in 0..<placement.count {
            let dot = Dot(replica: placement.replica, seq: placement.seq + offset)
            let position = placement.position + offset
            let known = positions[dot]
            let isOld = known.map { $0 != position && places[$0]?.dot != dot } ?? false
            if isOld || former[position].map({ $0.dot != dot }) ?? false { letGoOfFormer() }
            if positions[dot].map({ $0 != position }) ?? false
                || places[position].map({ $0.dot != dot }) ?? false
            {
                letGo()
            }
            places[position] = Place(dot: dot, acceptedAt: placement.acceptedAt)
            positions[dot] = position
        }
    }

    /// Forgets what was told in an epoch before, and not again in this one.
    mutating func letGoOfFormer() {
        for position in former.keys.sorted() where places[position] == nil {
            if let place = former[position], positions[place.dot] == position {
                positions[place.dot] = nil
            }
        }
        former = [:]
        if let head, head.position > cursor.position { self.head = nil }
    }

    package mutating func note(_ head: Head) { waitingHeads.append(head) }

    package mutating func letGo() {
        places = [:]
        former = [:]
        positions = [:]
        cursor = Cursor(position: 0, running: start)
        access = start
        head = nil
    }

    /// Another epoch: what no head covers is as if it was never told.
    package mutating func startEpoch() {
        let covered = head?.position ?? 0
        let known = former.merging(places) { $1 }.filter { $0.key <= covered }
        let kept = head
        letGo()
        former = known
        head = kept
        for (position, place) in known { positions[place.dot] = position }
        waitingHeads = []
    }

    /// Moves the cursor up while what stands at the next position is held.
    package mutating func advance(hash: (Dot) -> (opHash: Digest, isAccess: Bool)?) {
        while let place = places[cursor.position + 1], let found = hash(place.dot) {
            cursor.position += 1
            cursor.running = RunningHash.next(after: cursor.running, opHash: found.opHash)
            if found.isAccess {
                access = RunningHash.nextAccess(
                    after: access, opHash: found.opHash, position: cursor.position)
            }
            joinHeads()
        }
        joinHeads()
        waitingHeads.removeAll { $0.position <= cursor.position }
    }

    private mutating func joinHeads() {
        for waiting in waitingHeads
        where waiting.position == cursor.position && waiting.running == cursor.running
            && waiting.access == access && waiting.position >= head?.position ?? 0
        {
            head = waiting
        }
    }
}
