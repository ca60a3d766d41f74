import GRDBSQLite
import Glibc
import Synchronization

/// Reads of SQLite that fail as a disk fails them (EIO), of the files below one folder.
package enum FailingReads {
    private struct Fault {
        /// Which read it is to be, counted down.
        var left: Int
        var hasFailed = false
    }

    private static let faults = Mutex<[String: Fault]>([:])

    /// Does something while one read fails, counted from 1; returns whether it came to that.
    package static func failing(
        _ number: Int, below folder: String, _ body: () throws -> Void
    ) rethrows -> Bool {
        begin(number, folder)
        defer { end(folder) }
        try body()
        return hasFailed(folder)
    }

    package static func failing(
        _ number: Int, below folder: String, _ body: () async throws -> Void
    ) async rethrows -> Bool {
        begin(number, folder)
        defer { end(folder) }
        try await body()
        return hasFailed(folder)
    }

    private static func begin(_ number: Int, _ folder: String) {
        precondition(isInstalled, "SQLite lets its calls of the system be replaced")
        faults.withLock { $0[folder] = Fault(left: number) }
    }

    private static func end(_ folder: String) { faults.withLock { $0[folder] = nil } }

    private static func hasFailed(_ folder: String) -> Bool {
        faults.withLock { $0[folder]?.hasFailed ?? false }
    }

    private typealias Read = @convention(c) (Int32, UnsafeMutableRawPointer?, Int, off_t) -> Int

    /// It stays for the process, and lets other files be.
    private static let isInstalled: Bool = {
        guard let vfs = sqlite3_vfs_find("unix"), let set = vfs.pointee.xSetSystemCall,
            let get = vfs.pointee.xGetSystemCall
        else { return false }
        let read: Read = { FailingReads.read($0, $1, $2, $3) }
        let call = unsafeBitCast(read, to: sqlite3_syscall_ptr.self)
        // One of the two, as SQLite was built.
        let names: [String] = ["pread", "pread64"].filter { get(vfs, $0) != nil }
        return !names.isEmpty && names.allSatisfy { set(vfs, $0, call) == SQLITE_OK }
    }()

    private static func read(
        _ file: Int32, _ bytes: UnsafeMutableRawPointer?, _ count: Int, _ offset: off_t
    ) -> Int {
        guard let bytes, !isDue(file) else {
            errno = EIO
            return -1
        }
        return pread(file, bytes, count, offset)
    }

    private static func isDue(_ file: Int32) -> Bool {
        faults.withLock { faults in
            guard !faults.isEmpty, let path = path(of: file),
                let folder = faults.keys.first(where: { path.hasPrefix($0 + "/") })
            else { return false }
            faults[folder]?.left -= 1
            guard faults[folder]?.left == 0 else { return false }
            faults[folder]?.hasFailed = true
            return true
        }
    }

    private static func path(of file: Int32) -> String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/fd/\(file)", &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
