package import FikaCRDT
import FikaWire

/// What is needed to verify a replica's ops: its introduction, vouched for by the seal at seq 1.
package struct Card: Hashable, Sendable {
    /// The stamp time of the introduction.
    package let time: HybridTime
    package let introduction: Introduction
    package let signature: Signature

    package init(time: HybridTime, introduction: Introduction, signature: Signature) {
        self.time = time
        self.introduction = introduction
        self.signature = signature
    }

    package var replica: ReplicaID { introduction.replica }

    /// The introduction as an op of the log.
    package func op(in log: LogID) -> Op {
        Op(
            kind: .introduction, id: OpID(log: log, replica: replica, seq: 1), time: time,
            content: .body(introduction.body, salt: nil))
    }

    /// The claim that the seal at seq 1 vouches for the introduction.
    package func claim(in log: LogID) -> SealClaim {
        let start = Hashes.chainStart(log: log, replica: replica)
        let chain = Hashes.chain(after: start, opHash: op(in: log).hash)
        return SealClaim(
            key: introduction.publicKey, signature: signature,
            text: Seal.text(log: log, replica: replica, seq: 1, chain: chain))
    }

    /// Checks that the ids are true and that the seal at seq 1 vouches for the introduction.
    package func verify(in log: LogID) throws(LogError) {
        try introduction.checkLog(log)
        guard claim(in: log).isValid else { throw .badSeal(replica, seq: 1) }
    }

    /// Whether both introduce alike; a signature may be made anew over the same text.
    package func hasSameIntroduction(as other: Card) -> Bool {
        time == other.time && introduction == other.introduction
    }
}

extension Introduction {
    /// Checks the shown preimage of a derived log's id.
    package func checkLog(_ log: LogID) throws(LogError) {
        guard let preimage else { return }
        guard Hashes.derivedLogID(preimage) == log else {
            throw .unproven(replica, reason: "the preimage does not give the log's id")
        }
        if let user, preimage.kind != .directory, !preimage.users.contains(user) {
            throw .unproven(replica, reason: "the log belongs to others")
        }
    }
}
