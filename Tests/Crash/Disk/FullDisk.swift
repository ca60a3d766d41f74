import Glibc

/// A disk so small that it is soon full: a file system in memory, mounted for one check.
final class FullDisk {
    let path: String
    private let filler: String

    /// Nil where mounting is not allowed.
    init?(_ name: String, kilobytes: Int, in scratch: Scratch) {
        path = scratch.path(name)
        filler = path + "/filler"
        guard Self.mount(path, kilobytes: kilobytes) else { return nil }
    }

    deinit {
        Self.unmount(path)
    }

    /// Returns whether it could be mounted.
    static func mount(_ path: String, kilobytes: Int) -> Bool {
        (try? Files.makeFolder(path)) != nil
            && Glibc.mount("none", path, "tmpfs", 0, "size=\(kilobytes)k") == 0
    }

    /// Returns whether a disk was mounted there.
    @discardableResult
    static func unmount(_ path: String) -> Bool {
        umount2(path, Int32(MNT_DETACH) | Int32(UMOUNT_NOFOLLOW)) == 0
    }

    /// Leaves only so many bytes free.
    func fill(leaving bytes: Int) throws {
        free()
        let file = open(filler, O_WRONLY | O_CREAT, 0o600)
        guard file >= 0 else { throw Trouble("cannot fill the disk") }
        defer { close(file) }
        let page = [UInt8](repeating: 7, count: 4096)
        while page.withUnsafeBytes({ write(file, $0.baseAddress, $0.count) }) > 0 {}
        var status = stat()
        fstat(file, &status)
        ftruncate(file, max(0, status.st_size - off_t(bytes)))
    }

    func free() {
        unlink(filler)
    }
}
