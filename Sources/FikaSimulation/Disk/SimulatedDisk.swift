import Synchronization

/// One device's disk: a folder in which what SQLite does can be made to fail.
///
/// Every database that is opened in the folder from now on is on it. What SQLite writes is in the
/// real files at once; beside them the disk knows what a loss of power may take away.
package final class SimulatedDisk: Sendable {
    /// The folder, as the system calls it when all links are followed.
    package let folder: String
    let state: Mutex<State>

    /// What the files' methods change.
    struct State {
        var files: [String: UnsyncedFile] = [:]
        /// What is surely there of files that were deleted, while that may be undone.
        var deleted: [String: [UInt8]] = [:]
        var operations = 0
        var fault: Armed?
        /// What the loss of power does that stopped the process.
        var loss: PowerLoss?
        var isStopped = false
        /// Bytes by which files may still grow; nil: as much as they like.
        var room: Int?
        var random: SplitMix64
        var struck: [DiskFault: Int] = [:]
        var losses: [PowerLoss: Int] = [:]
        var refusedForRoom = 0
        /// How much of what failed was the disk's fault, when somebody last asked.
        var blamed = 0
        /// What is to strike while the next process starts.
        var atStart: Armed?
    }

    /// A fault that waits for its operation.
    struct Armed {
        let fault: DiskFault
        let loss: PowerLoss?
        /// How many operations pass before.
        var left: Int
    }

    /// Takes over a folder that exists.
    package init(folder: String, seed: UInt64) throws(DiskError) {
        self.folder = try DiskFiles.realPath(folder)
        state = Mutex(State(random: SplitMix64(seed: seed)))
        FaultyVFS.register(self)
    }

    deinit {
        FaultyVFS.remove(folder)
    }

    /// How many operations changed something, or were to.
    package var operationCount: Int { state.withLock { $0.operations } }

    /// How often each fault struck.
    package var struck: [DiskFault: Int] { state.withLock { $0.struck } }

    /// How often the power failed, by what that took.
    package var losses: [PowerLoss: Int] { state.withLock { $0.losses } }

    /// How many writes found no room.
    package var refusedForRoom: Int { state.withLock { $0.refusedForRoom } }

    /// Whether the process stopped: nothing is read or written any more.
    package var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Whether a fault waits for its operation.
    package var isArmed: Bool { state.withLock { $0.fault != nil } }

    /// Lets a fault strike after so many operations, at the first one at which it can.
    ///
    /// - Parameters:
    ///   - fault: Which one.
    ///   - count: How many operations pass before.
    ///   - loss: What else is lost when it is a crash, because the power fails.
    package func arm(_ fault: DiskFault, after count: Int, losing loss: PowerLoss? = nil) {
        state.withLock { $0.fault = Armed(fault: fault, loss: loss, left: count) }
    }

    /// Lets the next process stop, after so many operations.
    package func armStart(after count: Int, losing loss: PowerLoss?) {
        state.withLock { $0.atStart = Armed(fault: .crash, loss: loss, left: count) }
    }

    /// Takes back what did not strike.
    package func disarm() {
        state.withLock { state in
            state.fault = nil
            state.atStart = nil
        }
    }

    /// Whether anything on this disk failed since this was asked before.
    package func isToBlame() -> Bool {
        state.withLock { state in
            let count = state.struck.values.reduce(0, +) + state.refusedForRoom
            defer { state.blamed = count }
            return count > state.blamed
        }
    }

    /// Says by how many bytes files may still grow; nil: as much as they like.
    package func setRoom(_ bytes: Int?) {
        state.withLock { $0.room = bytes }
    }

    /// The process stops here and now, unless it has; with a loss of power.
    package func stop(losing loss: PowerLoss? = nil) {
        state.withLock { state in
            state.isStopped = true
            state.loss = state.loss ?? loss
        }
    }

    /// The next process may begin; all that was open must be closed.
    ///
    /// When the power had failed, this is when what was not synced is lost.
    package func restart() throws {
        try state.withLock { state in
            if let loss = state.loss { try lose(loss, &state) }
            state.isStopped = false
            state.blamed = state.struck.values.reduce(0, +) + state.refusedForRoom
            state.fault = state.atStart
            state.atStart = nil
            state.loss = nil
        }
    }

    private func lose(_ loss: PowerLoss, _ state: inout State) throws {
        state.losses[loss, default: 0] += 1
        for (name, file) in state.files.sorted(by: { $0.key < $1.key }) {
            let path = folder + "/" + name
            guard let shown = try DiskFiles.read(path) else { continue }
            if !file.isNamed, loss != .keeps, state.random.bool() {
                try DiskFiles.remove(path)
                continue
            }
            let remains = loss.remains(of: file, shown: shown, using: &state.random)
            if remains != shown { try DiskFiles.write(remains, to: path) }
        }
        for (name, bytes) in state.deleted.sorted(by: { $0.key < $1.key }) {
            let path = folder + "/" + name
            guard loss != .keeps, state.random.bool() else { continue }
            try DiskFiles.write(bytes, to: path)
        }
        // The memory that processes shared is gone with them.
        for name in try DiskFiles.names(in: folder) where name.hasSuffix("-shm") {
            try DiskFiles.remove(folder + "/" + name)
        }
        state.files = [:]
        state.deleted = [:]
    }
}
