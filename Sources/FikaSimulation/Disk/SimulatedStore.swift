package import FikaCRDT
package import FikaChat
package import FikaLog

package import FikaSync

/// A client's store in a world: what a session asks, what a person does, and what the checks read.
///
/// What was written outlives the process. Where the process stops in the middle of a call, the
/// call throws ``WorldCrash``.
package protocol SimulatedStore: SyncHolder, AnyObject {
    /// The device's key.
    var key: DeviceKey { get }

    /// What the device's clock shows, milliseconds since 1970.
    func setClock(_ wall: UInt64)

    /// The disk, where it can fail.
    var disk: SimulatedDisk? { get }

    /// The process is gone.
    func stop()

    /// The process starts again with what is on disk.
    func restart() throws

    // MARK: Copies

    /// Copies what is on disk.
    func copy() throws

    /// The copy takes the disk's place, while the process is down; it finds that out (rule ST7).
    ///
    /// - Parameters:
    ///   - seed: Of what it draws from then on.
    ///   - isNoticed: Whether it finds that out; on real files it always does.
    /// - Throws: What the disk says.
    func putBack(seed: UInt64, isNoticed: Bool) throws

    /// A copy of the disk that goes on by itself.
    func cloned(crash: CrashPoint, seed: UInt64) throws -> any SimulatedStore

    // MARK: Writing

    /// Makes a room whose only member is the store's user.
    ///
    /// - Returns: The op that made it; when this returns, it is on disk.
    func makeRoom(_ name: String) throws -> OpID

    /// Writes something, which may be folded with what nobody has seen yet.
    ///
    /// - Parameters:
    ///   - kind: Which kind of op.
    ///   - target: What it is about.
    ///   - body: Its body.
    ///   - log: Where.
    ///   - preimage: Of a log with a derived id.
    /// - Returns: The op that carries it, nil when nothing is left of it; it is on disk then.
    /// - Throws: `StoreError.refused` when a rule says no.
    func write(
        _ kind: ChatKind, target: Dot?, body: [UInt8], in log: LogID, preimage: LogPreimage?
    ) throws -> OpID?

    // MARK: Looking

    /// Logs of which anything is held, or written here, rising.
    func allLogs() throws -> [LogID]

    /// Logs of which anything sealed is held, rising.
    func sealedLogs() throws -> [LogID]

    /// All ops of a log with the positions that are known here, own unsealed ones last.
    func ops(of log: LogID) throws -> [HeldOp]

    /// Who may what in a log, under everything held.
    func access(to log: LogID) throws -> AccessHistory

    /// How far this store is in a log's order.
    func cursor(of log: LogID) throws -> Cursor?

    /// What was refused, to be shown to its author.
    func kept() throws -> [Op]

    /// Ops of a log that were emptied before anybody saw them.
    func emptied(in log: LogID) throws -> [OpID]

    /// What would still go up; nil when nothing would.
    func unsent() throws -> String?

    /// What the store finds wrong with what it holds, and with what it shows of it.
    func audit() throws -> [String]

    /// How many refusals were stored; nil where nobody counts them.
    var refusalCount: Int? { get }
}

extension SimulatedStore {
    /// Whether somebody may read a log, under everything held.
    func mayRead(_ log: LogID, _ user: UserID) throws -> Bool {
        let access = try access(to: log)
        return access.kind == .directory || access.role(of: user) != nil
    }
}
