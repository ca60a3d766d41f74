import Foundation
import Glibc

/// The folder that all of a run lies in, in memory where the machine has room for it.
struct Scratch {
    let path: String
    let programs: String
    let shim: String

    init(programs: String, shim: String) throws {
        let parent = Files.exists("/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = parent + "/fika-crash-\(getpid())"
        self.programs = programs
        self.shim = shim
        try Files.makeFolder(path)
        try Files.makeFolder(path + "/files")
    }

    func path(_ name: String) -> String { path + "/" + name }

    func remove() {
        Files.remove(path)
    }

    /// What programs find in their environment, and nothing of this machine's settings.
    var environment: [String: String] {
        [
            "TZ": "UTC", "PATH": "/usr/bin:/bin", "HOME": path, "COLUMNS": "100",
            "SWIFT_BACKTRACE": "enable=no",
        ]
    }
}
