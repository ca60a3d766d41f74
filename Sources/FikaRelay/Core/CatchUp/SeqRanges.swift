import FikaCRDT

/// Ops of several replicas as ranges, by rising replica and seq.
struct SeqRanges {
    let ranges: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)]

    init(of dots: [Dot]) {
        var seqs: [ReplicaID: IntervalSet] = [:]
        for dot in dots { seqs[dot.replica, default: IntervalSet()].insert(dot.seq) }
        ranges = seqs.keys.sorted().flatMap { replica in
            (seqs[replica]?.intervals ?? []).map { (replica: replica, seqs: $0) }
        }
    }
}
