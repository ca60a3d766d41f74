package import GRDB

/// Where the views find an op again: one that waited for its target, or all of them on a rebuild.
package protocol OpSource {
    /// The op that has this key, with its acceptance, sealed or not; nil when it is not held.
    func viewOp(_ key: OpKey, _ db: Database) throws -> ViewOp?

    /// Gives all ops of a log, sealed and unsealed, in batches, in the order they were stored.
    func forEachBatch(
        ofLog log: Int64, _ db: Database, _ body: ([ViewOp]) throws -> Void
    ) throws
}
