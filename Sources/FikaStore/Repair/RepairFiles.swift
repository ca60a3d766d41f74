import Glibc

/// The files of a repair: what is damaged, a copy to read from, what takes its place.
struct RepairFiles {
    let folder: String
    let database: String
    let salvage: String
    let repaired: String

    private static let parts = ["", "-wal", "-shm"]

    init(folder: String) {
        self.folder = folder
        database = folder + "/" + Store.fileName
        salvage = folder + "/salvage.sqlite"
        repaired = folder + "/repaired.sqlite"
    }

    private func aside(_ number: Int) -> String { folder + "/damaged-\(number).sqlite" }

    /// Copies the damaged file, so that reading it changes nothing of it.
    ///
    /// A repair that was cut short may have taken the write-ahead log away already; it then lies
    /// beside the other name of the file.
    func copyForSalvage() throws {
        removeScratch()
        let identity = try identity(database)
        var source = database
        var number = 1
        while StoreFile.exists(aside(number)) {
            if try self.identity(aside(number)) == identity { source = aside(number) }
            number += 1
        }
        for part in ["", "-wal"] where StoreFile.exists(source + part) {
            try copy(source + part, to: salvage + part)
        }
    }

    /// Puts what was repaired in the place of what was damaged; returns what that is called now.
    func exchange() throws -> String {
        for part in ["-wal", "-shm"] { unlink(repaired + part) }
        let identity = try identity(database)
        var number = 1
        while StoreFile.exists(aside(number)), try self.identity(aside(number)) != identity {
            number += 1
        }
        // The damaged file gets a second name before it loses its first.
        for part in ["", "-wal"] where StoreFile.exists(database + part) {
            guard link(database + part, aside(number) + part) == 0 || errno == EEXIST else {
                throw StoreError.failedCall("set aside", database + part)
            }
        }
        try synchronizeFolder()
        for part in ["-wal", "-shm"] {
            guard unlink(database + part) == 0 || errno == ENOENT else {
                throw StoreError.failedCall("remove", database + part)
            }
        }
        try synchronizeFolder()
        guard rename(repaired, database) == 0 else {
            throw StoreError.failedCall("rename", repaired)
        }
        try synchronizeFolder()
        return aside(number)
    }

    func removeScratch() {
        for part in Self.parts + ["-journal"] {
            unlink(salvage + part)
            unlink(repaired + part)
        }
    }

    private func identity(_ path: String) throws -> FileIdentity {
        let status = try Descriptor.opening(path, O_RDONLY).status()
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    private func copy(_ from: String, to path: String) throws {
        let source = try Descriptor.opening(from, O_RDONLY)
        let target = try Descriptor.opening(path, O_WRONLY | O_CREAT | O_TRUNC)
        var offset = 0
        while true {
            let bytes = try source.read(at: offset, limit: 1 << 20)
            if bytes.isEmpty { return }
            try target.write(bytes, at: offset)
            offset += bytes.count
        }
    }

    private func synchronizeFolder() throws {
        try Descriptor.opening(folder, O_RDONLY | O_DIRECTORY).synchronize()
    }
}
