import Glibc

/// Whole files, for what happens to them while nobody has them open.
enum DiskFiles {
    /// The path with all links followed.
    static func realPath(_ path: String) throws(DiskError) -> String {
        guard let real = realpath(path, nil) else { throw DiskError("find", path) }
        defer { free(real) }
        return String(cString: real)
    }

    /// A file's bytes; nil when there is none.
    static func read(_ path: String) throws(DiskError) -> [UInt8]? {
        let file = open(path, O_RDONLY)
        guard file >= 0 else {
            guard errno == ENOENT else { throw DiskError("open", path) }
            return nil
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw DiskError("look at", path) }
        let count = Int(status.st_size)
        var bytes = [UInt8](repeating: 0, count: count)
        let found = bytes.withUnsafeMutableBytes { pread(file, $0.baseAddress, count, 0) }
        guard found == count else { throw DiskError("read", path) }
        return bytes
    }

    /// Writes a file in place, so that it stays the same file.
    static func write(_ bytes: [UInt8], to path: String) throws(DiskError) {
        let file = open(path, O_WRONLY | O_CREAT, 0o600)
        guard file >= 0 else { throw DiskError("open", path) }
        defer { close(file) }
        let written = bytes.withUnsafeBytes { pwrite(file, $0.baseAddress, bytes.count, 0) }
        guard written == bytes.count, ftruncate(file, off_t(bytes.count)) == 0 else {
            throw DiskError("write", path)
        }
    }

    static func remove(_ path: String) throws(DiskError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw DiskError("remove", path) }
    }

    /// The names in a folder, rising.
    static func names(in folder: String) throws(DiskError) -> [String] {
        guard let directory = opendir(folder) else { throw DiskError("open", folder) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// A file that the simulation itself could not handle.
package struct DiskError: Error, CustomStringConvertible {
    package let description: String

    init(_ what: String, _ path: String) {
        description = "could not \(what) \(path): \(String(cString: strerror(errno)))"
    }
}
