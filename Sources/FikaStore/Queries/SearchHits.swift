package import FikaCRDT

/// What a search found, newest first.
package struct SearchHits: Hashable, Sendable {
    package var hits: [Hit]
    /// Whether rows wait to be taken into the index, so that there may be more.
    package var isIncomplete: Bool

    package struct Hit: Hashable, Sendable {
        package var log: LogID
        package var row: StoredRow
    }
}
