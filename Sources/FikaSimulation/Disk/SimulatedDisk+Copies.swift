import Glibc
import Synchronization

// What people do with the folder while no operation is under way.
extension SimulatedDisk {
    /// The files by name; memory that processes share is none.
    package func copy() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try DiskFiles.names(in: folder) where !name.hasSuffix("-shm") {
            files[name] = try DiskFiles.read(folder + "/" + name)
        }
        return files
    }

    /// Puts other files in the place of all that are there, synced.
    ///
    /// - Parameters:
    ///   - files: The files by name.
    ///   - inPlace: Whether those that are there stay the same files, with other bytes.
    /// - Throws: ``DiskError``.
    package func replace(with files: [String: [UInt8]], inPlace: Bool) throws {
        try state.withLock { state in
            for name in try DiskFiles.names(in: folder) where !inPlace || files[name] == nil {
                try DiskFiles.remove(folder + "/" + name)
            }
            for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
                try DiskFiles.write(bytes, to: folder + "/" + name)
            }
            state.files = [:]
            state.deleted = [:]
            state.loss = nil
        }
    }

    /// A disk beside this one with the same files.
    package func cloned(seed: UInt64) throws -> SimulatedDisk {
        let path = folder + "-\(seed)"
        guard mkdir(path, 0o700) == 0 else { throw DiskError("make", path) }
        let disk = try SimulatedDisk(folder: path, seed: seed)
        try disk.replace(with: try copy(), inPlace: false)
        return disk
    }
}
