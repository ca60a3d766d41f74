package import FikaCRDT
package import FikaLog

/// Why a store did not do what it was asked; what was stored before is as it was.
package enum StoreError: Error, Hashable, Sendable {
    /// Something stored is not as it was written; the text names table and row.
    case damaged(String)
    /// Another process holds the store for writing.
    case inUse(processID: Int32, command: String)
    /// The folder holds no store.
    case notFound(path: String)
    /// The folder already holds a store.
    case alreadyExists(path: String)
    /// The store was written by a later version.
    case newerFormat(String)
    /// The ops belong to another workspace.
    case otherWorkspace(WorkspaceID)
    /// A local rule says no; the text was not written.
    case refused(Refusal)
    /// Handed-over ops were not taken.
    case log(LogError)
    /// The system said no: which call, on what, why.
    case system(String)
}

/// Why a local write was not taken.
package enum Refusal: Hashable, Sendable {
    /// The room is not known here.
    case unknownRoom
    /// The writer is not a member.
    case notMember
    /// The writer's role does not allow it.
    case notAllowed(String)
    /// The op that it acts on is not known here, or not of a right kind.
    case unknownTarget
    /// A text or list is above its limit.
    case tooLarge(String)
    /// An unknown critical kind makes the log read-only for this version.
    case needsUpgrade
}
