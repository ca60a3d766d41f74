import Glibc

/// Reads a file as a whole, or says in the system's words why not.
enum WholeFile {
    /// Why a file was not read.
    enum Failure: Error, Hashable {
        case system(String)
        case tooLarge(byteCount: Int, limit: Int)
    }

    /// Returns all bytes of a file that has at most `limit`.
    static func read(_ path: String, limit: Int) throws(Failure) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw .lastCall }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .lastCall }
        let size = Int(status.st_size)
        guard size <= limit else { throw .tooLarge(byteCount: size, limit: limit) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .lastCall }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            // A device or a growing file may have more than it said.
            guard bytes.count <= limit else {
                throw .tooLarge(byteCount: bytes.count, limit: limit)
            }
        }
    }
}

extension WholeFile.Failure {
    /// The failure of the system call before.
    fileprivate static var lastCall: Self { .system(String(cString: strerror(errno))) }
}
