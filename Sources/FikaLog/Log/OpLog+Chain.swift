package import FikaCRDT

extension OpLog {
    /// Returns the chain value after an op that an interval holds, or covers with its tail.
    ///
    /// Complexity: reads no more ops than lie between two permanent seals.
    package func chain(
        of replica: ReplicaID, in id: LogID, at seq: UInt64, within interval: HaveInterval
    ) throws(Failure) -> Digest {
        if seq >= interval.last {
            return interval.tail.prefix(Int(seq - interval.last)).reduce(interval.end) {
                Hashes.chain(after: $0, opHash: $1)
            }
        }
        let distance = UInt64(Limits.sealDistanceMaximum)
        let lowest = max(interval.first, seq > distance ? seq - distance : 1)
        let base = try seals(of: replica, in: id, seqs: lowest...seq).last
        let first = base.map { $0.seq + 1 } ?? interval.first
        guard first <= seq else { return base?.chain ?? interval.before }
        return try ops(of: replica, in: id, seqs: first...seq)
            .reduce(base?.chain ?? interval.before) {
                Hashes.chain(after: $0, opHash: $1.hash)
            }
    }
}
