import FikaCRDT
import FikaLog

/// What is to go to the other end, in order, and handed out only as its credit allows.
struct Outgoing: Sendable {
    /// Ops in one segment at most, and in what is exported at once.
    static let opsAtOnce = UInt64(Limits.segmentOpsMaximum)

    enum Item: Sendable {
        /// Ops of one replica; `joins` when the other end has the op before them.
        case ops(LogID, ReplicaRange, joins: Bool, withCards: Bool)
        /// An order that a relay took over: placements, and the ops that it lacks (rule C2).
        case filling(LogID, ClosedRange<UInt64>, lacking: [ReplicaID: IntervalSet])
        /// A frame that costs no credit, after all before it.
        case frame(Frame)
    }

    private var credit: Int64 = 0
    private var items: [Item] = []
    private var next = 0
    /// Made already, and waiting for credit.
    private var frames: [Frame] = []

    var isEmpty: Bool { next == items.count && frames.isEmpty }
    var hasCredit: Bool { credit > 0 || PlantedBug.ignoresCredit.isPlanted }

    mutating func addCredit(_ bytes: UInt64) {
        credit = min(credit + Int64(min(bytes, 1 << 60)), 1 << 60)
    }

    mutating func append(_ item: Item) {
        if next == items.count {
            items.removeAll(keepingCapacity: true)
            next = 0
        }
        items.append(item)
    }

    /// Takes back what was not sent of some replicas.
    mutating func remove(where isMeant: (ReplicaInLog) -> Bool) {
        items.removeSubrange(..<next)
        next = 0
        items.removeAll {
            guard case .ops(let log, let range, _, _) = $0 else { return false }
            return isMeant(ReplicaInLog(log: log, replica: range.replica))
        }
    }

    /// Gives the frames for which there is credit.
    mutating func send(
        names: NameTable, base: UInt64, holder: some SyncHolder
    ) throws -> [Frame] {
        var sent: [Frame] = []
        while true {
            while !frames.isEmpty, isFree(frames[0]) || hasCredit {
                let frame = frames.removeFirst()
                pay(for: frame)
                sent.append(frame)
            }
            guard frames.isEmpty, next < items.count, isFree(items[next]) || hasCredit else {
                return sent
            }
            frames = try makeFrames(names: names, base: base, holder: holder)
        }
    }

    private func isFree(_ item: Item) -> Bool {
        if case .frame(let frame) = item { return isFree(frame) }
        return false
    }

    private func isFree(_ frame: Frame) -> Bool {
        switch frame {
        case .brief, .batch: false
        case .welcome, .hello, .ready, .failure, .cursors, .status, .names, .placed, .head,
            .refusal, .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral,
            .ping, .pong, .goodbye:
            true
        }
    }

    private mutating func pay(for frame: Frame) {
        if !isFree(frame) { credit -= Int64(frame.byteCount) }
    }

    private mutating func makeFrames(
        names: NameTable, base: UInt64, holder: some SyncHolder
    ) throws -> [Frame] {
        switch items[next] {
        case .frame(let frame):
            next += 1
            return [frame]
        case .ops(let log, let range, let joins, let withCards):
            let last = Self.cut(range.seqs)
            let part = ReplicaRange(replica: range.replica, seqs: range.seqs.lowerBound...last)
            if last < range.seqs.upperBound {
                let rest = ReplicaRange(
                    replica: range.replica, seqs: last + 1...range.seqs.upperBound)
                items[next] = .ops(log, rest, joins: true, withCards: withCards)
            } else {
                next += 1
            }
            let isOne = part.seqs.count == 1 && joins && part.seqs.lowerBound > 1
            return try holder.segments(
                of: log, ranges: [part], withCards: withCards && !isOne
            ).map { segment in
                if isOne, let brief = Brief(segment, names: names, base: base) {
                    return .brief(brief)
                }
                return .batch(Batch(log: log, placements: [], segment: segment.bytes))
            }
        case .filling(let log, let positions, let lacking):
            return try fill(log, positions, lacking: lacking, holder: holder)
        }
    }

    /// Where to cut a range: at a seal that stands anyway, so that it needs no tail.
    private static func cut(_ seqs: ClosedRange<UInt64>) -> UInt64 {
        guard seqs.upperBound - seqs.lowerBound >= opsAtOnce else { return seqs.upperBound }
        let distance = UInt64(Limits.sealDistanceMaximum)
        return (seqs.lowerBound + opsAtOnce - 1) / distance * distance
    }

    private mutating func fill(
        _ log: LogID, _ positions: ClosedRange<UInt64>, lacking: [ReplicaID: IntervalSet],
        holder: some SyncHolder
    ) throws -> [Frame] {
        let last = min(positions.upperBound, positions.lowerBound + Self.opsAtOnce - 1)
        if last < positions.upperBound {
            items[next] = .filling(log, last + 1...positions.upperBound, lacking: lacking)
        } else {
            next += 1
        }
        let placements = try holder.placements(in: log, positions: positions.lowerBound...last)
        var ranges: [ReplicaID: IntervalSet] = [:]
        for placement in placements {
            ranges[placement.replica, default: IntervalSet()].insert(
                placement.seq...placement.lastSeq)
        }
        var parts: [ReplicaRange] = []
        for replica in ranges.keys.sorted() {
            let seqs = (ranges[replica] ?? IntervalSet())
                .intersecting(lacking[replica] ?? IntervalSet())
            parts += seqs.intervals.map { ReplicaRange(replica: replica, seqs: $0) }
        }
        var frames: [Frame] = []
        if !parts.isEmpty {
            frames = try holder.segments(of: log, ranges: parts, withCards: true).map {
                .batch(Batch(log: log, placements: [], segment: $0.bytes))
            }
        }
        if !placements.isEmpty { frames.append(.placed(Placed(log: log, placements: placements))) }
        return frames
    }
}
