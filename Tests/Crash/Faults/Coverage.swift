/// Which changes of a journal a sync covers.
struct Coverage {
    private(set) var isDurable: [Bool]

    init(_ records: [JournalRecord]) {
        isDurable = Array(repeating: false, count: records.count)
        var areNamesSynced = false
        var isSynced: Set<UInt64> = []
        for (index, record) in records.enumerated().reversed() {
            switch record.kind {
            case .sync:
                areNamesSynced = true
                isSynced.insert(record.inode)
            // What it found is given up by the system, whatever a later sync says.
            case .failedSync: isSynced.remove(record.inode)
            case .write, .truncate: isDurable[index] = isSynced.contains(record.inode)
            case .create, .unlink, .rename, .link: isDurable[index] = areNamesSynced
            case .other: break
            }
        }
    }
}
