import FikaCRDT

/// How far a connection is in a log in which it is behind.
struct Lane: Sendable {
    enum Stage: Hashable, Sendable {
        /// The early ops after a position.
        case early(after: UInt64)
        case page
        case positions
    }

    /// Whoever lacks more positions than these first gets the early ops and a page (rule D2).
    static let lackWithoutStart: UInt64 = 1000

    var stage: Stage
    let isPersonal: Bool
    /// Where it started.
    let from: UInt64
    /// Whether nothing beyond the start was told: then one op that is all there is may be brief.
    var mayBeBrief = true
    /// The highest position that was told in order.
    var done: UInt64
    /// Ops that the connection has, so that their positions are enough.
    private var known: [ReplicaID: IntervalSet] = [:]
    /// How many positions to send at once: fewer where ops are large.
    var chunk: UInt64 = 1024

    init(from: UInt64, to position: UInt64, isPersonal: Bool) {
        self.from = from
        done = from
        self.isPersonal = isPersonal
        let lack = position > from ? position - from : 0
        let needsStart = lack > Self.lackWithoutStart && !isPersonal
        stage = needsStart ? .early(after: from) : .positions
    }

    /// Up to where it goes in a log with this last position.
    func end(at last: UInt64) -> UInt64 {
        PlantedBug.laneSkipsLastOp.isPlanted ? last - min(last, 1) : last
    }

    mutating func learn(_ replica: ReplicaID, _ seqs: ClosedRange<UInt64>) {
        known[replica, default: IntervalSet()].insert(seqs)
    }

    /// The parts of a range that the connection lacks.
    func lacking(_ replica: ReplicaID, _ seqs: ClosedRange<UInt64>) -> [ClosedRange<UInt64>] {
        guard let known = known[replica] else { return [seqs] }
        return IntervalSet([seqs]).subtracting(known).intervals
    }
}
