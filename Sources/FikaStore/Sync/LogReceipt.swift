import FikaCRDT
import FikaLog
import GRDB

/// What came of one log in one transaction, on its way into the tables.
///
/// The steps are: ops and positions in the order in which they came; then the cursor as far as it
/// goes; then heads that it reaches; then what follows for views, bodies and own replicas.
struct LogReceipt {
    let writer: StoreWriter
    let db: Database
    let id: LogID
    let log: Int64
    /// The epoch of the relay that was met last; nil when none ever was.
    let epoch: Epoch?
    /// Nil while no relay told anything of the log.
    var sync: SyncRow?
    var heads: [Head] = []
    var fresh = FreshOps()
    /// The placements that came, by their first position.
    var placed: [UInt64: Acceptance] = [:]
    var refusals: [RefusedOps] = []
    /// Whether there is something for the views.
    var hasOps = false
    /// Whether the closes of the log are to be looked at.
    var hasAccess = false
    /// The highest position known when the receipt began.
    private var highest: UInt64?
    private var stored: SyncRow?

    var table: SyncTable { SyncTable(db: db) }
    var acceptances: AcceptanceTable { AcceptanceTable(db: db) }

    init(_ id: LogID, epoch: Epoch?, writer: StoreWriter, _ db: Database) throws {
        self.writer = writer
        self.db = db
        self.id = id
        self.epoch = epoch
        log = try writer.catalog.makeRow(of: id, db)
        stored = try SyncTable(db: db).row(ofLog: log)
        sync = stored
        if stored?.isEnded == false { try moveOn() }
    }

    /// Begins with the order of another epoch than the one before.
    ///
    /// A log that ended has stayed as it was until a relay tells of it.
    private mutating func moveOn() throws {
        guard let epoch, let row = sync, row.epoch != epoch else { return }
        if row.isEnded {
            try writer.beginOrder(ofLog: log, db)
            stored = try table.row(ofLog: log)
            hasOps = true
        }
        sync = (stored ?? row).moved(to: epoch, log: id)
    }

    mutating func take(_ arrival: Received) throws {
        switch arrival {
        case .ops(let sealed, let placements):
            try leaveClones(sealed)
            let planned = try planned(sealed, placements)
            try place(placements)
            if let planned { try take(planned) }
        case .placed(_, let placements):
            try place(placements)
        case .head(let head):
            heads.append(head)
        case .follows(_, let position):
            try order { _ in }
            // An order that ended was not compared: only what is told from here on is the relay's.
            if sync?.isEnded == true { _ = try letGo(contradictedAt: .max) }
            try order { sync in
                sync.told = max(sync.told, position)
                sync.isEnded = false
            }
        case .refused(let refused):
            refusals.append(refused)
        case .ended:
            try order { $0.isEnded = true }
        case .orderStartsAgain:
            try letGo()
        case .synced:
            break
        }
    }

    /// Brings the rest up to date.
    mutating func finish() throws {
        try advance()
        try storeOrder()
        try writer.views.rebuildOutdated(db)
        try proveAccess()
        try storeOrder()
        if let sync, hasOps {
            try writer.views.completeAccess(ofLog: log, upTo: sync.accessPosition, db)
        }
        if hasOps { try writer.settleViews(db) }
        for refused in refusals { try writer.refuse(refused, log: log, db) }
        if hasAccess { try writer.leaveClosed(log: log, db) }
    }

    private mutating func storeOrder() throws {
        guard let sync, sync != stored else { return }
        try table.store(sync, ofLog: log)
        stored = sync
    }

    /// Changes what is known of the order, which there is from now on.
    mutating func order(_ change: (inout SyncRow) -> Void) throws {
        guard let epoch else { throw LogError.inconsistent("positions without a relay") }
        try moveOn()
        if sync == nil { try writer.views.beginOrder(ofLog: log, accessPosition: 0, db) }
        var row = sync ?? SyncRow(log: id, epoch: epoch)
        change(&row)
        sync = row
    }

    // MARK: Ops

    private mutating func take(_ planned: PlannedSegment) throws {
        hasOps = true
        let verified = planned.verified
        try writer.log(db).append(verified, by: planned.plan)
        let replicas = try verified.segment.replicas.map {
            try writer.catalog.makeRow(of: $0, log: log, db)
        }
        fresh.add(verified, replicas: replicas)
        if verified.segment.rows.contains(where: { FreshOps.isAccess($0.kind) }) {
            hasAccess = true
        }
        try writer.take(verified, planned.plan.report, isFollowed: true, db)
    }

    /// Leaves own replicas as which somebody else wrote: a clone of this store (rule S6).
    private func leaveClones(_ sealed: SealedSegment) throws {
        for run in sealed.segment.runs {
            try leaveClone(sealed.segment.replicas[Int(run.replica)], seq: run.last)
        }
    }

    private func leaveClone(_ replica: ReplicaID, seq: UInt64) throws {
        guard let row = try writer.catalog.row(of: replica, log: log, db),
            try writer.catalog.replica(row, db).own == .current,
            try writer.log(db).have(ofRow: row).intervals.last?.last ?? 0 < seq
        else { return }
        _ = try writer.rehome(replica: row, db)
    }

    // MARK: Positions

    private mutating func place(_ placements: [Placement]) throws {
        guard !placements.isEmpty else { return }
        try order { _ in }
        hasOps = true
        var held: [Acceptance] = []
        for placement in placements {
            let acceptance = try acceptance(placement)
            if let position = try contradiction(of: acceptance) {
                held = []
                for told in try letGo(contradictedAt: position) { held += try insert(told) }
            }
            held += try insert(acceptance)
        }
        let last = placements.map(\.lastPosition).max() ?? 0
        try order { $0.told = max($0.told, last) }
        try accept(held)
    }

    private func acceptance(_ placement: Placement) throws -> Acceptance {
        let last = placement.seq.addingReportingOverflow(placement.count)
        let position = placement.position.addingReportingOverflow(placement.count)
        guard placement.seq > 0, placement.count > 0, placement.position > 0, !last.overflow,
            last.partialValue - 1 <= Limits.seqMaximum, !position.overflow,
            position.partialValue <= UInt64(Int64.max), placement.acceptedAt <= UInt64(Int64.max)
        else { throw LogError.inconsistent("a placement beyond what there can be") }
        try leaveClone(placement.replica, seq: placement.lastSeq)
        let row = try writer.catalog.makeRow(of: placement.replica, log: log, db)
        return Acceptance(
            first: OpKey(replica: row, seq: placement.seq), count: placement.count,
            position: placement.position, acceptedAt: placement.acceptedAt)
    }

    private mutating func highestPosition() throws -> UInt64 {
        if let highest { return highest }
        let found = try acceptances.range(ofLog: log, at: .max)?.lastPosition ?? 0
        highest = found
        return found
    }

    /// Writes down what a relay told; gives what of it is new and held.
    private mutating func insert(_ acceptance: Acceptance) throws -> [Acceptance] {
        let new = try acceptances.insert(acceptance)
        placed[acceptance.position] = acceptance
        highest = max(try highestPosition(), acceptance.position + acceptance.count - 1)
        return try new.flatMap { try held($0) }
    }

    /// The lowest known position at which an op stands that is now told to be elsewhere, or at
    /// which another op is told to be; nil when there is none.
    private mutating func contradiction(of acceptance: Acceptance) throws -> UInt64? {
        let keys = acceptance.first.raw...acceptance.last.raw
        var found = try acceptances.ranges(overlapping: keys).compactMap { held -> UInt64? in
            let shared = max(held.keys.lowerBound, keys.lowerBound)
            let position = held.position(of: shared)
            return position == acceptance.position + UInt64(shared - keys.lowerBound)
                ? nil : position
        }
        if acceptance.position <= (try highestPosition()) {
            let positions = acceptance.position...acceptance.position + acceptance.count - 1
            found += try acceptances.ranges(ofLog: log, positions: positions).compactMap { held in
                let shared = max(held.position, acceptance.position)
                return held.keys.lowerBound + Int64(shared - held.position)
                    == acceptance.first.raw + Int64(shared - acceptance.position) ? nil : shared
            }
        }
        return found.min()
    }

    /// What of a range is held, sealed.
    private func held(_ acceptance: Acceptance) throws -> [Acceptance] {
        let have = try writer.log(db).have(ofRow: acceptance.first.replica)
        return have.intervals.compactMap { interval in
            let first = max(interval.first, acceptance.first.seq)
            let last = min(interval.last, acceptance.last.seq)
            guard first <= last else { return nil }
            return acceptance.part(first...last)
        }
    }

    private mutating func accept(_ ranges: [Acceptance]) throws {
        guard !ranges.isEmpty else { return }
        for range in ranges
        where try writer.catalog.replica(range.first.replica, db).own != .foreign {
            try OutboxTable(db: db).removeAccepted(range)
        }
        try writer.observe(accepted: ranges, log: log, db)
        try writer.views.accept(ranges, rebuildsLater: true, db)
        hasAccess = true
    }

    /// Lets go of what a relay's word contradicts (rule C4).
    ///
    /// What it told in this order stays, for it is not told again while the connection lasts: that
    /// is what lies below the cursor, and what this receipt brought. That is given back, to be
    /// written down anew.
    private mutating func letGo(contradictedAt position: UInt64) throws -> [Acceptance] {
        let told = placed.keys.sorted().compactMap { placed[$0] }
        guard let cursor = sync?.cursor.position, position > cursor else {
            try letGo()
            return told
        }
        try writer.letGo(ofLog: log, beyond: cursor, db)
        placed = [:]
        highest = cursor
        if let head = try table.head(ofLog: log, id, isJoined: true), head.position > cursor {
            try table.removeHead(ofLog: log, isJoined: true)
        }
        try table.removeHead(ofLog: log, isJoined: false)
        try order { $0.accessPosition = cursor }
        try writer.views.beginOrder(ofLog: log, accessPosition: cursor, db)
        return told
    }

    /// Lets go of all positions of the log (rule C4).
    mutating func letGo() throws {
        try order { _ in }
        hasOps = true
        try writer.letGo(ofLog: log, beyond: 0, db)
        placed = [:]
        highest = 0
        for isJoined in [true, false] { try table.removeHead(ofLog: log, isJoined: isJoined) }
        let id = id
        try order { sync in
            let old = sync
            sync = SyncRow(log: id, epoch: old.epoch)
            sync.told = old.told
            sync.isEnded = old.isEnded
        }
        try writer.views.beginOrder(ofLog: log, accessPosition: 0, db)
    }
}

extension Acceptance {
    /// The same of fewer seqs.
    func part(_ seqs: ClosedRange<UInt64>) -> Acceptance {
        Acceptance(
            first: OpKey(replica: first.replica, seq: seqs.lowerBound),
            count: seqs.upperBound - seqs.lowerBound + 1,
            position: position + seqs.lowerBound - first.seq, acceptedAt: acceptedAt)
    }
}
