/// What of a file is surely on the disk, where that is not what it shows.
struct UnsyncedFile {
    /// What was done since the last sync, in order.
    enum Change {
        case write(at: Int, [UInt8])
        case resize(Int)
    }

    /// The unit in which a disk writes: one is there or not.
    static let sectorBytes = 512
    /// The unit in which the system keeps what is to be written.
    static let pageBytes = 4096

    /// How long the file was when it was last synced.
    var sureCount: Int
    /// Whether the file itself, its name, was ever synced.
    var isNamed: Bool
    /// By number what stood in the sectors that were written since the last sync.
    private(set) var before: [Int: [UInt8]] = [:]
    private(set) var changes: [Change] = []
    /// What stands in sectors that a failed sync left behind: the system takes them for written.
    private(set) var lost: [Int: [UInt8]] = [:]

    init(sureCount: Int, isNamed: Bool) {
        self.sureCount = sureCount
        self.isNamed = isNamed
    }

    /// Some bytes are about to be written; `stored` gives a sector as the file shows it.
    mutating func write(
        _ bytes: [UInt8], at offset: Int, stored: (Int) throws -> [UInt8]
    ) rethrows {
        guard !bytes.isEmpty else { return }
        changes.append(.write(at: offset, bytes))
        let perPage = Self.pageBytes / Self.sectorBytes
        let first = offset / Self.sectorBytes
        let last = (offset + bytes.count - 1) / Self.sectorBytes
        for sector in first...last { try touch(sector, stored: stored) }
        // A page that is written to is written whole, with what a failed sync left of it.
        for sector in (first / perPage * perPage)..<((last / perPage + 1) * perPage) {
            if let sure = lost.removeValue(forKey: sector) { before[sector] = sure }
        }
    }

    /// The file is about to get another length.
    mutating func resize(
        from count: Int, to newCount: Int, stored: (Int) throws -> [UInt8]
    ) rethrows {
        changes.append(.resize(newCount))
        guard newCount < count else { return }
        for sector in (newCount / Self.sectorBytes)...((count - 1) / Self.sectorBytes) {
            try touch(sector, stored: stored)
        }
    }

    private mutating func touch(_ sector: Int, stored: (Int) throws -> [UInt8]) rethrows {
        guard before[sector] == nil else { return }
        before[sector] = try lost.removeValue(forKey: sector) ?? stored(sector)
    }

    /// All that was written is on the disk, but for what an earlier sync left behind.
    mutating func synced(count: Int) {
        sureCount = count
        isNamed = true
        before = [:]
        changes = []
    }

    /// A sync failed, and the system forgets that there was something to write.
    mutating func syncFailed(count: Int) {
        sureCount = count
        lost.merge(before) { _, newer in newer }
        before = [:]
        changes = []
    }
}
