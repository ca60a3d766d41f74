package import FikaCRDT

/// A replica's signature over (log, replica, seq, chain value), for all its ops up to there.
package struct Seal: Hashable, Sendable {
    package let seq: UInt64
    package let signature: Signature

    package init(seq: UInt64, signature: Signature) {
        self.seq = seq
        self.signature = signature
    }

    /// The text that is signed.
    package static func text(
        log: LogID, replica: ReplicaID, seq: UInt64, chain: Digest
    ) -> [UInt8] {
        var text = HashText(.seal)
        text.append(log)
        text.append(Dot(replica: replica, seq: seq))
        text.append(chain)
        return text.bytes
    }

    /// Whether a seal has to stand at this seq, whatever is handed over (rule S2).
    ///
    /// It does at 1 and at each multiple of 64. Others may be dropped once a later one stands.
    package static func isPermanent(seq: UInt64) -> Bool {
        seq == 1 || seq.isMultiple(of: UInt64(Limits.sealDistanceMaximum))
    }

    /// The first seq after this one at which a seal has to stand.
    package static func nextPermanent(after seq: UInt64) -> UInt64 {
        let distance = UInt64(Limits.sealDistanceMaximum)
        return seq == 0 ? 1 : (seq / distance + 1) * distance
    }
}
