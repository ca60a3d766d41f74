package import FikaChat
package import FikaCRDT
package import FikaLog

/// A replica that a ``MemoryHolder`` writes as.
package struct OwnReplica: Sendable {
    package struct Unsealed: Sendable {
        package var op: Op
        package var written: UnsealedTime
    }

    package let introduction: Introduction
    package var last: UInt64 = 0
    package var unsealed: [Unsealed] = []
    package var sealedChain: Digest

    var name: ReplicaID { introduction.replica }

    package init(log: LogID, introduction: Introduction) {
        self.introduction = introduction
        sealedChain = Hashes.chainStart(log: log, replica: introduction.replica)
    }
}
