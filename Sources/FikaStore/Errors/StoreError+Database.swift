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
}
