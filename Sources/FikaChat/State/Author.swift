package import FikaLog

/// Who is shown as having written a row.
package enum Author: Hashable, Sendable {
    case user(UserID)
    /// A name from where the row was imported from, and who imported it (rule M22).
    case imported(name: String, importer: UserID)
}
