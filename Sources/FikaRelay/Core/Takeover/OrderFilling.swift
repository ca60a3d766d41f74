package import FikaCRDT
package import FikaLog

/// Placements that a client hands in to fill an order that was taken over (rules C2 and S4).
///
/// They count once the whole sequence joins a signed head: nothing of them is believed before.
package struct OrderFilling: Sendable {
    /// The head that the sequence must join: the client's own longest one.
    package let head: Head
    /// How far the order is filled already, and the running hash there.
    package let start: Cursor
    private let access: Digest
    /// What is claimed of positions that the relay knows already, from the first on.
    package private(set) var known: [Placement] = []
    private var nextKnown: UInt64 = 1
    private var claims: [Placement] = []
    private var next: UInt64

    /// Begins a filling after a position that the relay knows already, with the access hash there.
    package init(after start: Cursor, access: Digest, upTo head: Head) {
        self.start = start
        self.access = access
        self.head = head
        next = start.position + 1
    }

    /// Whether all positions up to the head's are claimed.
    package var isWhole: Bool {
        next > head.position && (head.position > start.position || nextKnown > head.position)
    }

    /// All that is claimed, by rising position.
    package var claimed: [Placement] { known + claims }

    /// Takes placements that go on where the last ones ended; false when they do not.
    ///
    /// Those of positions that are filled already count for nothing, those beyond the head are left
    /// out.
    package mutating func add(_ placements: [Placement]) -> Bool {
        for placement in placements {
            addKnown(placement)
            guard let part = placement.clipped(to: next...max(next, head.position)) else {
                continue
            }
            guard !isWhole else { return true }
            guard part.position == next else { return false }
            claims.append(part)
            next = part.lastPosition + 1
        }
        return true
    }

    /// What the hashes of an order are made of.
    package struct Claimed: Hashable, Sendable {
        package var hash: Digest
        package var kind: Kind
    }

    private mutating func addKnown(_ placement: Placement) {
        guard start.position > 0, let part = placement.clipped(to: 1...start.position),
            part.position == nextKnown
        else { return }
        known.append(part)
        nextKnown = part.lastPosition + 1
    }

    /// Walks the claimed sequence over the ops that are held.
    ///
    /// - Parameters:
    ///   - isAccess: Whether ops of a kind count for the access hash.
    ///   - ops: The ops of a replica that are held of some seqs, rising.
    /// - Returns: The placements with the running hashes after them; nil when an op is missing, or
    ///   when the sequence does not join the head.
    /// - Throws: What `ops` throws.
    package func proven<Failure: Error>(
        isAccess: (Kind) -> Bool,
        ops: (ReplicaID, ClosedRange<UInt64>) throws(Failure) -> [Claimed]
    ) throws(Failure) -> [PlacedRun]? {
        guard isWhole else { return nil }
        var running = start.running
        var access = access
        var runs: [PlacedRun] = []
        for claim in claims {
            let found = try ops(claim.replica, claim.seq...claim.lastSeq)
            guard UInt64(found.count) == claim.count else { return nil }
            for (index, op) in found.enumerated() {
                let hash = op.hash
                running = RunningHash.next(after: running, opHash: hash)
                guard isAccess(op.kind) else { continue }
                access = RunningHash.nextAccess(
                    after: access, opHash: hash, position: claim.position + UInt64(index))
            }
            runs.append(PlacedRun(placement: claim, running: running))
        }
        guard running == head.running, access == head.access else { return nil }
        return runs
    }
}

extension Op {
    package var claimed: OrderFilling.Claimed { OrderFilling.Claimed(hash: hash, kind: kind) }
}

extension Placement {
    /// The part of a placement whose positions lie in a range; nil when there is none.
    package func clipped(to positions: ClosedRange<UInt64>) -> Placement? {
        let first = max(position, positions.lowerBound)
        let last = min(lastPosition, positions.upperBound)
        guard first <= last else { return nil }
        return Placement(
            replica: replica, seq: seq + (first - position), count: last - first + 1,
            position: first, acceptedAt: acceptedAt)
    }
}
