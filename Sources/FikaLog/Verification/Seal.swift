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
        var text = HashDomain.seal.prefix
        text.reserveCapacity(80)
        text.append(contentsOf: log.bytes)
        text.append(contentsOf: replica.bytes)
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            text.append(UInt8(truncatingIfNeeded: seq >> shift))
        }
        chain.append(to: &text)
        return text
    }

    /// Whether a seal has to stand at this seq, whatever is handed over (rule S2).
    ///
    /// It does at 1 and at each multiple of 64. Others may be dropped once a later one stands.
    package static func isPermanent(seq: UInt64) -> Bool {
        seq == 1 || seq.isMultiple(of: UInt64(Limits.sealDistanceMaximum))
    }
}
