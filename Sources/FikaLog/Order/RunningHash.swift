package import FikaCRDT

/// The hashes that stand for a log's order up to a position (`Specs/sync-protocol.md`).
package enum RunningHash {
    /// The hash before the first position.
    package static func start(log: LogID) -> Digest {
        Hashes.digest(HashDomain.runningStart.prefix + log.bytes)
    }

    /// The hash over all accepted ops, after one more.
    package static func next(after previous: Digest, opHash: Digest) -> Digest {
        Hashes.digest(HashDomain.running.prefix + previous.bytes + opHash.bytes)
    }

    /// The hash over accepted access ops and closes, after one more at a position.
    package static func nextAccess(
        after previous: Digest, opHash: Digest, position: UInt64
    ) -> Digest {
        var text = HashText(.runningAccess)
        text.append(previous)
        text.append(opHash)
        text.append(position)
        return text.digest
    }
}
