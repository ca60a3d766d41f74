import Foundation
import Glibc

/// The folder that all of a run lies in, in memory where the machine has room for it.
struct Scratch {
    let path: String
    let programs: String
    let shim: String

    init(programs: String, shim: String) throws {
        let parent = Self.hasRoom("/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = parent + "/fika-crash-\(getpid())"
        self.programs = programs
        self.shim = shim
        try Files.makeFolder(path)
        try Files.makeFolder(path + "/files")
    }

    private static func hasRoom(_ folder: String) -> Bool {
        var status = statvfs()
        guard access(folder, W_OK) == 0, statvfs(folder, &status) == 0 else { return false }
        return UInt64(status.f_bavail) * UInt64(status.f_bsize) >= 1 << 30
    }

    func path(_ name: String) -> String { path + "/" + name }

    func remove() {
        Files.remove(path)
    }

    /// What programs find in their environment, and nothing of this machine's settings; the shim
    /// lets none of them outlive the harness.
    var environment: [String: String] {
        [
            "TZ": "UTC", "PATH": "/usr/bin:/bin", "HOME": path, "COLUMNS": "100",
            "SWIFT_BACKTRACE": "enable=no", "LD_PRELOAD": shim,
        ]
    }
}
