import FikaCRDT
import FikaLog

/// Gathers what comes in, in order, until it is stored; spells briefs out and infers positions.
struct Inbound: Sendable {
    /// Arrivals of so many bytes are stored at once, whatever else came with them.
    static let storeAfterBytes: UInt64 = 1 << 20

    var names = NameTable()
    /// What times in briefs count from.
    var base: UInt64 = 0
    /// Whether placements count: from a relay, never from a device (rule P2).
    let isFromRelay: Bool
    private var credit: CreditGiven
    private var arrivals: [Arrival] = []
    private var byteCount: UInt64 = 0
    /// Of each log: the highest position that this connection has told.
    private var told: [LogID: UInt64] = [:]
    /// Where briefs that are not yet stored end.
    private var chains: [ReplicaInLog: (seq: UInt64, chain: Digest)] = [:]
    /// Of whom batches came that are not yet stored.
    private var batched: Set<ReplicaInLog> = []
    /// Up to which seq ops are asked for that were missing.
    private var wanted: [ReplicaInLog: UInt64] = [:]

    init(isFromRelay: Bool, credit: UInt64) {
        self.isFromRelay = isFromRelay
        self.credit = CreditGiven(window: credit)
    }

    var isEmpty: Bool { arrivals.isEmpty }
    var isFull: Bool { byteCount >= Self.storeAfterBytes }

    /// Whether the holder may say things again for what came.
    var mayMakeSayAgain: Bool {
        arrivals.contains { arrival in
            if case .refused = arrival { true } else { arrival.hasCloses }
        }
    }

    /// Forgets what came and is not stored.
    mutating func drop() {
        arrivals = []
        byteCount = 0
        chains = [:]
        batched = []
    }

    mutating func add(_ arrival: Arrival) {
        arrivals.append(arrival)
    }

    /// The positions of a log are told from here on.
    mutating func start(_ log: LogID, from position: UInt64) {
        told[log] = position
    }

    // MARK: What comes

    mutating func take(
        _ batch: Batch, byteCount: UInt64, holder: some SyncHolder
    ) throws {
        try credit.take(byteCount)
        self.byteCount += byteCount
        let segment: SealedSegment
        do {
            segment = try SealedSegment(bytes: batch.segment)
        } catch {
            throw Violation(.malformed, "a batch's segment: \(error)")
        }
        guard segment.segment.log == batch.log else {
            throw Violation(.malformed, "a batch's segment is of another log")
        }
        let placements = try check(batch.placements, of: batch.log, holder: holder)
        for run in segment.segment.runs {
            let replica = segment.segment.replicas[Int(run.replica)]
            let key = ReplicaInLog(log: batch.log, replica: replica)
            batched.insert(key)
            chains[key] = nil
        }
        arrivals.append(.ops(segment, placements))
    }

    mutating func take(_ placed: Placed, holder: some SyncHolder) throws {
        let placements = try check(placed.placements, of: placed.log, holder: holder)
        guard isFromRelay else { return }
        arrivals.append(.placed(placed.log, placements))
    }

    /// Takes one op; returns the request for what is missing before it, when that is so.
    mutating func take(
        _ brief: Brief, byteCount: UInt64, request: UInt64, holder: inout some SyncHolder
    ) throws -> OpsRequest? {
        try credit.take(byteCount)
        self.byteCount += byteCount
        let brief = try placedOp(brief, holder: holder)
        let (log, dot) = (brief.op.op.id.log, brief.op.op.id.dot)
        let key = ReplicaInLog(log: log, replica: dot.replica)
        let placements = brief.placement.map { [$0] } ?? []
        guard let before = try chain(before: dot.seq, of: key, holder: &holder) else {
            if !placements.isEmpty { arrivals.append(.placed(log, placements)) }
            return try want(upTo: dot.seq, of: key, request: request, holder: holder)
        }
        arrivals.append(.ops(brief.op.segment(after: before), placements))
        let after = Hashes.chain(after: before, opHash: brief.op.op.hash)
        chains[key] = (dot.seq, after)
        return nil
    }

    /// An answer to a request for missing ops is there, as far as it goes.
    mutating func answered(_ request: OpsRequest) {
        wanted[ReplicaInLog(log: request.log, replica: request.replica)] = nil
    }

    // MARK: Storing

    /// Stores what came; returns what was stored.
    mutating func store(in holder: inout some SyncHolder) throws -> [Arrival] {
        let stored = takeArrivals()
        guard !stored.isEmpty else { return [] }
        do {
            try holder.store(stored)
        } catch let error as LogError {
            throw Violation(.badOps, "\(error)")
        }
        return stored
    }

    /// Gives out what came, for whoever stores it in another way.
    mutating func takeArrivals() -> [Arrival] {
        defer { drop() }
        return arrivals
    }

    mutating func giveBack() -> UInt64? { credit.giveBack() }

    // MARK: Parts

    private mutating func placedOp(
        _ brief: Brief, holder: some SyncHolder
    ) throws -> (op: BriefOp, placement: Placement?) {
        let op = try BriefOp(brief, names: names, base: base)
        guard isFromRelay else { return (op, nil) }
        let log = op.op.id.log
        let position = try told[log] ?? holder.position(of: log)
        let next = position + 1
        guard UInt8(truncatingIfNeeded: next & 0x7F) == brief.positionLow else {
            throw Violation(.unexpected, "a brief skips positions")
        }
        told[log] = next
        let dot = op.op.id.dot
        let placement = Placement(
            replica: dot.replica, seq: dot.seq, count: 1, position: next,
            acceptedAt: op.acceptedAt)
        return (op, placement)
    }

    /// The chain value before an op; what came and is not stored counts as held.
    private mutating func chain(
        before seq: UInt64, of key: ReplicaInLog, holder: inout some SyncHolder
    ) throws -> Digest? {
        if let known = chains[key], known.seq + 1 == seq { return known.chain }
        if seq > 1, batched.contains(key) || chains[key] != nil {
            stored += try store(in: &holder)
        }
        return try holder.chain(of: key.replica, in: key.log, at: seq - 1)
    }

    /// Stored on the way, to be told of with the rest.
    private(set) var stored: [Arrival] = []

    mutating func takeStored() -> [Arrival] {
        defer { stored = [] }
        return stored
    }

    private mutating func want(
        upTo seq: UInt64, of key: ReplicaInLog, request: UInt64, holder: some SyncHolder
    ) throws -> OpsRequest? {
        let before: UInt64
        if let asked = wanted[key], asked < seq {
            before = asked
        } else {
            let haves = try holder.haves(of: key.log)
            let held = haves.replicas.first { $0.replica == key.replica }?.intervals ?? []
            guard !held.contains(where: { $0.seqs.contains(seq) }) else { return nil }
            before = held.last { $0.seqs.upperBound < seq }?.seqs.upperBound ?? 0
        }
        wanted[key] = max(wanted[key] ?? 0, seq)
        return OpsRequest(
            request: request, log: key.log, replica: key.replica, seqs: [before + 1...seq])
    }

    /// Checks placements of one frame, and takes note of the highest position.
    private mutating func check(
        _ placements: [Placement], of log: LogID, holder: some SyncHolder
    ) throws -> [Placement] {
        guard isFromRelay else { return [] }
        for placement in placements {
            let seqs = placement.seq.addingReportingOverflow(placement.count)
            let positions = placement.position.addingReportingOverflow(placement.count)
            guard placement.count >= 1, placement.seq >= 1, placement.position >= 1,
                !seqs.overflow, seqs.partialValue - 1 <= Limits.seqMaximum, !positions.overflow,
                positions.partialValue < 1 << 62
            else { throw Violation(.malformed, "a placement beyond all limits") }
        }
        if let highest = placements.map(\.lastPosition).max() {
            told[log] = max(try told[log] ?? holder.position(of: log), highest)
        }
        return placements
    }
}
