import GRDB

extension Store {
    /// Removes what erased bodies left in the file: words in the index for search, freed pages,
    /// frames of the write-ahead log (rule E2).
    ///
    /// It runs by itself after a transaction that erased and after opening; this is for when that
    /// failed, as it does while somebody reads on and on.
    package func scrub() throws {
        guard let count = try read({ try ScrubTable(db: $0).noted() }) else { return }
        try transaction(durability: .full) { writer, db in try writer.views.scrubSearch(db) }
        try checkpointTruncating()
        try transaction(durability: .normal) { _, db in try ScrubTable(db: db).settle(count) }
    }
}
