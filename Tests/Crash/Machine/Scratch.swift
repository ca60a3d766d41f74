import Foundation
import Glibc

/// The folder that all of a run lies in, in memory where the machine has room for it.
struct Scratch {
    let path: String
    let programs: String
    let shim: String

    init(programs: String, shim: String) throws {
        let parent = Self.hasRoom("/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
        path = parent + "/" + Self.prefix + "\(getpid())"
        self.programs = programs
        self.shim = shim
        try Files.makeFolder(path)
        try Files.makeFolder(path + "/files")
    }

    private static let prefix = "fika-crash-"

    /// Unmounts the small disks (``FullDisk``) of runs that were killed; the files of a run stay
    /// for who wants to look at them.
    static func unmountLeftovers() {
        for parent in ["/dev/shm", NSTemporaryDirectory()] {
            for name in Files.names(parent) where name.hasPrefix(prefix) {
                guard let id = pid_t(name.dropFirst(prefix.count)), id > 0, kill(id, 0) != 0,
                    errno == ESRCH
                else { continue }
                let folder = parent + "/" + name
                // What is no disk is not unmounted by this.
                for disk in Files.names(folder) { FullDisk.unmount(folder + "/" + disk) }
            }
        }
    }

    /// Where a run with this id would leave its files.
    static func folder(of id: pid_t) -> String { "/dev/shm/" + prefix + "\(id)" }

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
