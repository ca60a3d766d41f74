import GRDBSQLite

/// A file that SQLite has open on a simulated disk.
///
/// In SQLite's memory a header of two words stands before the system's own file: the methods that
/// SQLite calls, and this object.
final class FaultyFile {
    let disk: SimulatedDisk
    let name: String
    let inner: UnsafeMutablePointer<sqlite3_file>
    private let methods: UnsafeMutablePointer<sqlite3_io_methods>

    static let headerBytes = 16

    init(disk: SimulatedDisk, name: String, inner: UnsafeMutablePointer<sqlite3_file>) {
        self.disk = disk
        self.name = name
        self.inner = inner
        methods = .allocate(capacity: 1)
        methods.initialize(to: Self.methods)
    }

    deinit {
        methods.deallocate()
    }

    /// The system's own file behind ours.
    static func inner(
        of file: UnsafeMutablePointer<sqlite3_file>
    ) -> UnsafeMutablePointer<sqlite3_file> {
        (UnsafeMutableRawPointer(file) + headerBytes).assumingMemoryBound(to: sqlite3_file.self)
    }

    private static func object(
        in file: UnsafeMutablePointer<sqlite3_file>
    ) -> UnsafeMutablePointer<Unmanaged<FaultyFile>> {
        (UnsafeMutableRawPointer(file) + headerBytes / 2)
            .assumingMemoryBound(to: Unmanaged<FaultyFile>.self)
    }

    static func attach(_ opened: FaultyFile, to file: UnsafeMutablePointer<sqlite3_file>) {
        object(in: file).initialize(to: Unmanaged.passRetained(opened))
        file.pointee.pMethods = UnsafePointer(opened.methods)
    }

    private static func opened(_ file: UnsafeMutablePointer<sqlite3_file>?) -> FaultyFile {
        guard let file else { preconditionFailure("SQLite calls a method of a file") }
        return object(in: file).pointee.takeUnretainedValue()
    }

    private static func system(_ file: UnsafeMutablePointer<sqlite3_file>?) -> sqlite3_io_methods {
        opened(file).system
    }

    private static func inner(
        _ file: UnsafeMutablePointer<sqlite3_file>?
    ) -> UnsafeMutablePointer<sqlite3_file> {
        opened(file).inner
    }

    private var system: sqlite3_io_methods { inner.pointee.pMethods.pointee }

    // MARK: Methods

    /// Without those of the third version: nothing is mapped, so every write is seen.
    private static var methods: sqlite3_io_methods {
        var methods = sqlite3_io_methods()
        methods.iVersion = 2
        methods.xClose = { file in
            guard let file else { return SQLITE_OK }
            let opened = FaultyFile.object(in: file).pointee.takeRetainedValue()
            file.pointee.pMethods = nil
            return opened.system.xClose(opened.inner)
        }
        methods.xRead = { FaultyFile.opened($0).read($1, Int($2), Int($3)) }
        methods.xWrite = { FaultyFile.opened($0).write($1, Int($2), Int($3)) }
        methods.xTruncate = { FaultyFile.opened($0).truncate(Int($1)) }
        methods.xSync = { file, _ in FaultyFile.opened(file).sync() }
        methods.xFileSize = { FaultyFile.opened($0).size($1) }
        methods.xLock = { FaultyFile.system($0).xLock(FaultyFile.inner($0), $1) }
        methods.xUnlock = { FaultyFile.system($0).xUnlock(FaultyFile.inner($0), $1) }
        methods.xCheckReservedLock = {
            FaultyFile.system($0).xCheckReservedLock(FaultyFile.inner($0), $1)
        }
        methods.xFileControl = { FaultyFile.system($0).xFileControl(FaultyFile.inner($0), $1, $2) }
        methods.xSectorSize = { FaultyFile.system($0).xSectorSize(FaultyFile.inner($0)) }
        methods.xDeviceCharacteristics = {
            FaultyFile.system($0).xDeviceCharacteristics(FaultyFile.inner($0))
        }
        methods.xShmMap = { FaultyFile.system($0).xShmMap(FaultyFile.inner($0), $1, $2, $3, $4) }
        methods.xShmLock = { FaultyFile.system($0).xShmLock(FaultyFile.inner($0), $1, $2, $3) }
        methods.xShmBarrier = { FaultyFile.system($0).xShmBarrier(FaultyFile.inner($0)) }
        methods.xShmUnmap = { FaultyFile.system($0).xShmUnmap(FaultyFile.inner($0), $1) }
        return methods
    }

    private func read(_ buffer: UnsafeMutableRawPointer?, _ count: Int, _ offset: Int) -> Int32 {
        guard !disk.isStopped else { return DiskCode.read }
        return system.xRead(inner, buffer, Int32(count), sqlite3_int64(offset))
    }

    private func write(_ buffer: UnsafeRawPointer?, _ count: Int, _ offset: Int) -> Int32 {
        let bytes = Array(UnsafeRawBufferPointer(start: buffer, count: count))
        return disk.write(bytes, at: offset, in: self)
    }

    private func truncate(_ count: Int) -> Int32 { disk.truncate(self, to: count) }

    private func sync() -> Int32 { disk.sync(self) }

    private func size(_ result: UnsafeMutablePointer<sqlite3_int64>?) -> Int32 {
        guard !disk.isStopped else { return DiskCode.size }
        return system.xFileSize(inner, result)
    }

    func noteOpening() { disk.noteOpening(self) }

    // MARK: What the disk does with the real file

    var count: Int {
        var count: sqlite3_int64 = 0
        let code = system.xFileSize(inner, &count)
        precondition(code == SQLITE_OK, "a file in memory has a length")
        return Int(count)
    }

    /// A sector as the file shows it, zeros beyond its end.
    func sector(_ number: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: UnsyncedFile.sectorBytes)
        let code = bytes.withUnsafeMutableBytes {
            system.xRead(
                inner, $0.baseAddress, Int32(UnsyncedFile.sectorBytes),
                sqlite3_int64(number * UnsyncedFile.sectorBytes))
        }
        precondition(
            code == SQLITE_OK || code == DiskCode.shortRead, "a file in memory is readable")
        return bytes
    }

    func store(_ bytes: some Collection<UInt8>, at offset: Int) -> Int32 {
        let bytes = Array(bytes)
        guard !bytes.isEmpty else { return SQLITE_OK }
        return bytes.withUnsafeBytes {
            system.xWrite(inner, $0.baseAddress, Int32(bytes.count), sqlite3_int64(offset))
        }
    }

    func cut(to count: Int) -> Int32 { system.xTruncate(inner, sqlite3_int64(count)) }
}
