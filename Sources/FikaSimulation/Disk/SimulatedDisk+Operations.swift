import GRDBSQLite
import Synchronization

// What SQLite does to a disk, one operation at a time.
extension SimulatedDisk {
    /// What becomes of an operation.
    private enum Fate {
        case succeeds
        /// It fails; what was to be done may be done in part.
        case fails(DiskFault)
    }

    /// Counts an operation and says what becomes of it; nil when the process is gone.
    private static func fate(of operation: DiskOperation, _ state: inout State) -> Fate? {
        if state.isStopped { return nil }
        state.operations += 1
        guard let armed = state.fault else { return .succeeds }
        guard armed.left <= 0, armed.fault.strikes(operation) else {
            state.fault?.left = max(0, armed.left - 1)
            return .succeeds
        }
        state.fault = nil
        state.struck[armed.fault, default: 0] += 1
        if armed.fault == .crash {
            state.isStopped = true
            state.loss = armed.loss
        }
        return .fails(armed.fault)
    }

    /// A database file is there before SQLite opens it; what SQLite makes, has no sure name yet.
    func noteOpening(_ file: FaultyFile) {
        state.withLock { state in
            guard state.files[file.name] == nil else { return }
            let count = file.count
            let isNew = count == 0 && file.name.hasSuffix("-wal")
            state.files[file.name] = UnsyncedFile(sureCount: count, isNamed: !isNew)
        }
    }

    func write(_ bytes: [UInt8], at offset: Int, in file: FaultyFile) -> Int32 {
        state.withLock { state in
            guard let fate = Self.fate(of: .write, &state) else { return DiskCode.write }
            let growth = max(0, offset + bytes.count - file.count)
            switch fate {
            case .succeeds:
                if let room = state.room {
                    guard growth <= room else {
                        state.refusedForRoom += 1
                        return Self.writePart(bytes, at: offset, in: file, &state, SQLITE_FULL)
                    }
                    state.room = room - growth
                }
                return Self.write(bytes, at: offset, in: file, &state)
            case .fails(let fault):
                let code = fault == .full ? SQLITE_FULL : DiskCode.write
                return Self.writePart(bytes, at: offset, in: file, &state, code)
            }
        }
    }

    private static func write(
        _ bytes: [UInt8], at offset: Int, in file: FaultyFile, _ state: inout State
    ) -> Int32 {
        state.files[file.name]?.write(bytes, at: offset) { file.sector($0) }
        return file.store(bytes, at: offset)
    }

    /// Writes nothing, all, or some of it, and fails.
    private static func writePart(
        _ bytes: [UInt8], at offset: Int, in file: FaultyFile, _ state: inout State,
        _ code: Int32
    ) -> Int32 {
        let room = state.room.map { max(0, file.count + $0 - offset) } ?? bytes.count
        let part = state.random.pick([0, bytes.count, state.random.number(in: 0...bytes.count)])
        let written = Array(bytes.prefix(min(part, room)))
        if !written.isEmpty { _ = write(written, at: offset, in: file, &state) }
        return code
    }

    func truncate(_ file: FaultyFile, to count: Int) -> Int32 {
        state.withLock { state in
            guard let fate = Self.fate(of: .truncate, &state) else {
                return DiskCode.truncate
            }
            if case .fails = fate, state.random.bool() { return DiskCode.truncate }
            let now = file.count
            state.files[file.name]?.resize(from: now, to: count) { file.sector($0) }
            if let room = state.room { state.room = room + max(0, now - count) }
            let code = file.cut(to: count)
            if case .fails = fate { return DiskCode.truncate }
            return code
        }
    }

    func sync(_ file: FaultyFile) -> Int32 {
        state.withLock { state in
            guard let fate = Self.fate(of: .sync, &state) else { return DiskCode.sync }
            switch fate {
            case .succeeds: Self.synced(file, &state)
            case .fails(.failedSync):
                state.files[file.name]?.syncFailed(count: file.count)
                return DiskCode.sync
            case .fails:
                if state.random.bool() { Self.synced(file, &state) }
                return DiskCode.sync
            }
            return SQLITE_OK
        }
    }

    private static func synced(_ file: FaultyFile, _ state: inout State) {
        // With a new file's first sync its folder is synced, too.
        if state.files[file.name]?.isNamed == false { state.deleted = [:] }
        state.files[file.name]?.synced(count: file.count)
    }

    func delete(_ name: String, syncsFolder: Bool, _ body: () -> Int32) -> Int32 {
        state.withLock { state in
            guard let fate = Self.fate(of: .delete, &state) else { return DiskCode.delete }
            if case .fails = fate, state.random.bool() { return DiskCode.delete }
            let path = folder + "/" + name
            if let file = state.files.removeValue(forKey: name), file.isNamed,
                let shown = try? DiskFiles.read(path)
            {
                state.deleted[name] = PowerLoss.forgets.remains(
                    of: file, shown: shown, using: &state.random)
            }
            if let room = state.room, let shown = try? DiskFiles.read(path) {
                state.room = room + shown.count
            }
            let code = body()
            if syncsFolder { state.deleted = [:] }
            if case .fails = fate { return DiskCode.delete }
            return code
        }
    }
}
