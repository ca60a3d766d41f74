import GRDB

extension StoreError {
    /// What an error of the database means for the store; nil when it is none of the database's.
    package init?(database error: any Error) {
        if let error = error as? RowDecodingError {
            // NULL where the schema allows none: not what was written.
            self = .damaged("\(error)")
            return
        }
        guard let error = error as? DatabaseError else { return nil }
        let words = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT: self = .damaged(words)
        default: self = .system("\(words) (\(error.extendedResultCode))")
        }
    }

    /// Whether it was the system that failed, and not what is stored: the same may succeed later.
    package static func isOfSystem(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else {
            if case StoreError.system = error { return true }
            return false
        }
        // A file that ends too early is a damaged one.
        if error.extendedResultCode == .SQLITE_IOERR_SHORT_READ { return false }
        return switch error.resultCode {
        case .SQLITE_IOERR, .SQLITE_FULL, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM,
            .SQLITE_BUSY:
            true
        default: false
        }
    }
}
