/// Whether a database and the marker beside it belong together (rule S6).
package enum MarkerVerdict: Hashable, Sendable {
    /// This store has been here all the time: its replicas go on.
    case same
    /// Something was put back or copied: the store must go on as new replicas.
    case restoredOrCloned(Reason)

    /// What gave it away.
    package enum Reason: Hashable, Sendable {
        /// The database remembers no marker.
        case databaseWithoutRecord
        case markerMissing
        case markerUnreadable
        /// The marker is another file than the one that the database remembers: a copied folder.
        case otherFile
        /// The marker was advanced further than the database knows: an old database was put back.
        case olderDatabase
        /// The marker is older than the database: an old marker was put back.
        case olderMarker
        /// Equally far and yet another word: two copies of one store were mixed.
        case otherToken
    }
}
