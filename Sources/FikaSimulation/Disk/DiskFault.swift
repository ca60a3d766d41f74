/// What goes wrong at one operation of a disk.
package enum DiskFault: String, Hashable, Sendable, CaseIterable {
    /// The process stops at it: done, not done, or half done; after it nothing is done.
    case crash
    /// It fails, perhaps half done.
    case ioError
    /// The next write fails half done, as if there were no room for it.
    case full
    /// The next sync fails, and what it was to keep counts as written all the same: as Linux does.
    case failedSync
}

/// An operation that changes what a disk holds; these are counted.
package enum DiskOperation: Hashable, Sendable {
    case write
    case truncate
    case sync
    case delete
}

extension DiskFault {
    /// Whether it can happen at such an operation; otherwise it waits for the next one.
    func strikes(_ operation: DiskOperation) -> Bool {
        switch self {
        case .crash, .ioError: true
        case .full: operation == .write
        case .failedSync: operation == .sync
        }
    }
}
