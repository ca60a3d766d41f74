import GRDBSQLite
import Glibc
import Synchronization

/// Stands between SQLite and the system's files, where a simulated disk is concerned.
///
/// It is the process's default, for nobody who opens a database names another; files in no
/// simulated folder go straight to the system's own.
enum FaultyVFS {
    private static let disks = Mutex<[String: Weak]>([:])

    private struct Weak: Sendable {
        weak let disk: SimulatedDisk?
    }

    /// Puts the layer in place, once.
    private static let isInstalled: Bool = {
        guard let real = sqlite3_vfs_find(nil) else { return false }
        let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        vfs.initialize(to: real.pointee)
        vfs.pointee.zName = UnsafePointer(strdup("fika-simulated"))
        vfs.pointee.pAppData = UnsafeMutableRawPointer(real)
        vfs.pointee.pNext = nil
        vfs.pointee.szOsFile = Int32(FaultyFile.headerBytes) + real.pointee.szOsFile
        vfs.pointee.xOpen = { vfs, name, file, flags, outFlags in
            FaultyVFS.open(vfs, name, file, flags, outFlags)
        }
        vfs.pointee.xDelete = { vfs, name, syncsFolder in
            FaultyVFS.delete(vfs, name, syncsFolder)
        }
        vfs.pointee.xAccess = { vfs, name, flags, result in
            guard let real = FaultyVFS.real(vfs), let name else { return SQLITE_ERROR }
            if FaultyVFS.place(of: name)?.disk.isStopped == true { return DiskCode.access }
            return real.pointee.xAccess(real, name, flags, result)
        }
        return sqlite3_vfs_register(vfs, 1) == SQLITE_OK
    }()

    static func register(_ disk: SimulatedDisk) {
        precondition(isInstalled, "SQLite takes a layer over its files")
        disks.withLock { $0[disk.folder] = Weak(disk: disk) }
    }

    static func remove(_ folder: String) {
        disks.withLock { disks in
            if disks[folder]?.disk == nil { disks[folder] = nil }
        }
    }

    /// A file on a simulated disk.
    struct Place {
        let disk: SimulatedDisk
        let name: String
    }

    private static func place(of path: UnsafePointer<CChar>?) -> Place? {
        guard let path else { return nil }
        return disks.withLock { disks in
            guard !disks.isEmpty else { return nil }
            let path = String(cString: path)
            guard let slash = path.lastIndex(of: "/"),
                let disk = disks[String(path[..<slash])]?.disk
            else { return nil }
            return Place(disk: disk, name: String(path[path.index(after: slash)...]))
        }
    }

    private static func real(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?
    ) -> UnsafeMutablePointer<sqlite3_vfs>? {
        vfs?.pointee.pAppData?.assumingMemoryBound(to: sqlite3_vfs.self)
    }

    private static func open(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
        _ file: UnsafeMutablePointer<sqlite3_file>?, _ flags: Int32,
        _ outFlags: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        guard let real = real(vfs), let file else { return SQLITE_ERROR }
        guard let place = place(of: name) else {
            return real.pointee.xOpen(real, name, file, flags, outFlags)
        }
        file.pointee.pMethods = nil
        guard !place.disk.isStopped else { return SQLITE_CANTOPEN }
        let inner = FaultyFile.inner(of: file)
        let code = real.pointee.xOpen(real, name, inner, flags, outFlags)
        guard code == SQLITE_OK else {
            if inner.pointee.pMethods != nil { _ = inner.pointee.pMethods.pointee.xClose(inner) }
            return code
        }
        let opened = FaultyFile(disk: place.disk, name: place.name, inner: inner)
        opened.noteOpening()
        FaultyFile.attach(opened, to: file)
        return SQLITE_OK
    }

    private static func delete(
        _ vfs: UnsafeMutablePointer<sqlite3_vfs>?, _ name: UnsafePointer<CChar>?,
        _ syncsFolder: Int32
    ) -> Int32 {
        guard let real = real(vfs) else { return SQLITE_ERROR }
        guard let place = place(of: name) else {
            return real.pointee.xDelete(real, name, syncsFolder)
        }
        return place.disk.delete(place.name, syncsFolder: syncsFolder != 0) {
            real.pointee.xDelete(real, name, 0)
        }
    }
}
