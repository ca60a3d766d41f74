package import FikaLog
package import GRDB

/// Where the views find an op again: one that waited for its target, or all of them on a rebuild.
package protocol OpSource {
    /// The op that has this key, with its acceptance, sealed or not; nil when it is not held.
    func viewOp(_ key: OpKey, _ db: Database) throws -> ViewOp?

    /// The hash of an op's body, erased or not; nil when it is not held.
    func bodyHash(_ key: OpKey, _ db: Database) throws -> Digest?

    /// The chain value of a replica after an op; nil unless all from 1 up to there are held.
    func chain(ofReplica row: Int64, through seq: UInt64, _ db: Database) throws -> Digest?

    /// Gives all ops of a log, sealed and unsealed, in batches, in the order they were stored.
    func forEachBatch(
        ofLog log: Int64, _ db: Database, _ body: ([ViewOp]) throws -> Void
    ) throws
}
