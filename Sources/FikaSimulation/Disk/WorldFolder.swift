import Glibc

/// A folder for the disks of one world; it is gone when nobody has it any more.
///
/// It lies in memory where the system has such a place, for nothing in it has to last.
package final class WorldFolder: Sendable {
    package let path: String

    package init() throws(DiskError) {
        let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(parent)/fika-world-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw DiskError("make a folder in", parent) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        try? Self.remove(path)
    }

    /// A folder of its own for one device.
    package func makeFolder(_ name: String) throws(DiskError) -> String {
        let folder = path + "/" + name
        guard mkdir(folder, 0o700) == 0 else { throw DiskError("make", folder) }
        return folder
    }

    private static func remove(_ folder: String) throws {
        for name in try DiskFiles.names(in: folder) {
            let path = folder + "/" + name
            if unlink(path) != 0 { try remove(path) }
        }
        rmdir(folder)
    }
}
