import FikaLog
import FikaRelay
import FikaStore

/// A relay's folder on a disk that can fail.
package struct RelayDisk: Sendable {
    package let disk: SimulatedDisk
    package let environment: DiskEnvironment

    package init(disk: SimulatedDisk, environment: DiskEnvironment) {
        self.disk = disk
        self.environment = environment
    }

    /// A disk of its own in a world's folder.
    init(in folder: WorldFolder, using random: inout SplitMix64) throws {
        self.init(
            disk: try SimulatedDisk(folder: folder.makeFolder("relay"), seed: random.next()),
            environment: DiskEnvironment(seed: random.next(), now: WorldClock.beginning))
    }

    /// Opens the relay's log; the first time it is made.
    func open() throws -> SQLiteRelayLog {
        try SQLiteRelayLog(
            folder: disk.folder, command: "world", environment: environment.environment)
    }

    /// The database is gone; the relay's key is not.
    func wipe() throws {
        let rest = try disk.copy().filter { !$0.key.hasPrefix("relay.sqlite") }
        try disk.replace(with: rest, inPlace: true)
    }
}
