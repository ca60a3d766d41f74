import Glibc

/// The right to write a store: one process has it at a time.
///
/// It is a lock of the system on the file `lock`, so a process that dies gives it back. The file
/// says who has it, for the error that a second process gets.
package final class StoreLock: Sendable {
    private let file: Descriptor

    private static let contentBytesMaximum = 512

    /// Takes the lock of the store in a folder.
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - command: What this process is, in a few words.
    /// - Throws: `StoreError.inUse` when another process has it.
    package init(folder: String, command: String) throws(StoreError) {
        let path = folder + "/lock"
        let file = try Descriptor.opening(path, O_RDWR | O_CREAT)
        if flock(file.raw, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK else { throw .failedCall("flock", path) }
            throw try Self.holder(file)
        }
        let line = "\(getpid()) \(command.split(separator: "\n").first ?? "")"
        guard ftruncate(file.raw, 0) == 0 else { throw .failedCall("truncate", path) }
        try file.write(Array(line.utf8.prefix(Self.contentBytesMaximum)))
        self.file = file
    }

    deinit {
        // Nobody shall read of a holder that is gone; the lock itself ends with the descriptor.
        ftruncate(file.raw, 0)
    }

    /// Reads who has the lock; process 0 while the holder has not yet written who it is.
    private static func holder(_ file: borrowing Descriptor) throws(StoreError) -> StoreError {
        let bytes = try file.read(limit: contentBytesMaximum)
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ", maxSplits: 1)
        let processID = parts.first.flatMap { Int32($0) } ?? 0
        return .inUse(processID: processID, command: parts.count > 1 ? String(parts[1]) : "")
    }
}
