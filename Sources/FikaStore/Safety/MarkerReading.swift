/// What was found beside a database.
package enum MarkerReading: Hashable, Sendable {
    case missing
    /// A file that is no marker; it is named so that it can be taken over.
    case unreadable(FileIdentity)
    case value(MarkerValue, FileIdentity)
}
