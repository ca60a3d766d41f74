import Glibc

/// An open file or socket that is closed when nobody has it any more.
struct Descriptor: ~Copyable, Sendable {
    let raw: Int32

    init(owning raw: Int32) {
        self.raw = raw
    }

    deinit {
        close(raw)
    }

    /// Opens a file; it is never handed on to child processes.
    static func opening(
        _ path: String, _ flags: Int32, mode: mode_t = 0o600
    ) throws(StoreError) -> Descriptor {
        let raw = open(path, flags | O_CLOEXEC, mode)
        guard raw >= 0 else { throw .failedCall("open", path) }
        return Descriptor(owning: raw)
    }

    /// Reads from a place in the file up to a limit or to its end.
    func read(at offset: Int = 0, limit: Int) throws(StoreError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var done = 0
        while done < limit {
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(raw, buffer.baseAddress?.advanced(by: done), limit - done, offset + done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .failedCall("read", "descriptor \(raw)") }
            if count == 0 { break }
            done += count
        }
        return Array(bytes.prefix(done))
    }

    /// Writes all bytes at a place in the file.
    func write(_ bytes: [UInt8], at offset: Int = 0) throws(StoreError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(
                    raw, buffer.baseAddress?.advanced(by: done), bytes.count - done,
                    offset + done)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .failedCall("write", "descriptor \(raw)") }
            done += count
        }
    }

    /// Returns once the content is on the disk.
    func synchronize() throws(StoreError) {
        guard fsync(raw) == 0 else { throw .failedCall("fsync", "descriptor \(raw)") }
    }

    func status() throws(StoreError) -> stat {
        var status = stat()
        guard fstat(raw, &status) == 0 else { throw .failedCall("stat", "descriptor \(raw)") }
        return status
    }
}

extension StoreError {
    /// The error of a system call that just failed: its name, what it was done to, why.
    static func failedCall(_ name: String, _ subject: String) -> StoreError {
        .system("\(name) \(subject): \(String(cString: strerror(errno)))")
    }
}
