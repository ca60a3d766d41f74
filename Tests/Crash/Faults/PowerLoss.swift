import FikaSimulation

/// Plays what a loss of power leaves of a folder: what a sync covers, and of the rest nothing, a
/// part or all.
///
/// A sync covers the writes to its file, and all names given and taken before it, as journaling
/// file systems have it. A write that a failed sync found is never covered by a later one.
struct PowerLoss {
    enum Way: String, CaseIterable {
        case kept, lost, torn
    }

    private static let sectorBytes = 512
    private let folder: String
    private let records: [JournalRecord]
    private var contents: [UInt64: [UInt8]] = [:]
    private var names: [String: UInt64] = [:]

    /// Plays it on the folder of a watch, all of whose processes have ended.
    static func play(_ way: Way, on watch: Watch, using generator: inout SplitMix64) throws {
        // Only the process is gone; what was unsynced still is.
        guard way != .kept else { return }
        var loss = PowerLoss(watch)
        loss.undoAll()
        loss.redo(way, using: &generator)
        try loss.store()
        for name in Files.names(watch.folder) where name.hasSuffix("-shm") {
            Files.remove(watch.folder + "/" + name)
        }
        try watch.begin()
    }

    private init(_ watch: Watch) {
        folder = watch.folder
        records = watch.records
        for name in Files.names(folder) {
            let path = folder + "/" + name
            guard let inode = Files.inode(path), let bytes = Files.bytes(path) else { continue }
            names[path] = inode
            contents[inode] = bytes
        }
    }

    private mutating func undoAll() {
        for record in records.reversed() {
            switch record.kind {
            case .create: names[record.path] = nil
            case .write, .truncate:
                var bytes = contents[record.inode] ?? []
                let end = min(record.offset + record.before.count, record.sizeBefore)
                resize(&bytes, to: record.sizeBefore)
                if end > record.offset {
                    bytes.replaceSubrange(record.offset..<end, with: record.before)
                }
                contents[record.inode] = bytes
            case .unlink:
                names[record.path] = record.inode
                contents[record.inode] = record.before
            case .rename, .link:
                names[record.otherPath] = nil
                if record.kind == .rename { names[record.path] = record.inode }
                if record.offset != 0 {
                    names[record.otherPath] = UInt64(record.offset)
                    contents[UInt64(record.offset)] = record.before
                }
            case .sync, .failedSync, .other: break
            }
        }
    }

    private mutating func redo(_ way: Way, using generator: inout SplitMix64) {
        let covered = Coverage(records)
        // Names are given in order: once one is lost, so are all later ones.
        var keepsNames = true
        for (index, record) in records.enumerated() {
            switch record.kind {
            case .sync, .failedSync, .other: continue
            case .write, .truncate:
                if covered.isDurable[index] {
                    apply(record)
                } else if way == .torn {
                    tear(record, using: &generator)
                }
            case .create, .unlink, .rename, .link:
                if !covered.isDurable[index] {
                    keepsNames = keepsNames && way == .torn && generator.bool()
                }
                if covered.isDurable[index] || keepsNames { apply(record) }
            }
        }
    }

    private mutating func apply(_ record: JournalRecord) {
        switch record.kind {
        case .create:
            names[record.path] = record.inode
            if contents[record.inode] == nil { contents[record.inode] = [] }
        case .write: put(record.after[...], at: record.offset, of: record.inode)
        case .truncate: resize(&contents[record.inode, default: []], to: record.offset)
        case .unlink: names[record.path] = nil
        case .rename:
            names[record.path] = nil
            names[record.otherPath] = record.inode
        case .link: names[record.otherPath] = record.inode
        case .sync, .failedSync, .other: break
        }
    }

    private mutating func tear(_ record: JournalRecord, using generator: inout SplitMix64) {
        guard record.kind == .write else {
            if generator.bool() { apply(record) }
            return
        }
        var start = 0
        while start < record.after.count {
            let place = record.offset + start
            let end = min(
                start + Self.sectorBytes - place % Self.sectorBytes, record.after.count)
            if generator.bool() { put(record.after[start..<end], at: place, of: record.inode) }
            start = end
        }
    }

    private mutating func put(_ bytes: ArraySlice<UInt8>, at offset: Int, of inode: UInt64) {
        let end = offset + bytes.count
        if contents[inode, default: []].count < end {
            resize(&contents[inode, default: []], to: end)
        }
        contents[inode, default: []].replaceSubrange(offset..<end, with: bytes)
    }

    private func resize(_ bytes: inout [UInt8], to count: Int) {
        if bytes.count > count {
            bytes.removeLast(bytes.count - count)
        } else {
            bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
        }
    }

    private func store() throws {
        var files: [String: [UInt8]] = [:]
        for (path, inode) in names where path.hasPrefix(folder + "/") {
            files[String(path.dropFirst(folder.count + 1))] = contents[inode] ?? []
        }
        try FolderState(files: files).restore(to: folder)
    }
}
