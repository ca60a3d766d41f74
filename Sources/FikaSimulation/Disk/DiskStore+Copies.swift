import FikaStore
import Glibc

// Copies of the folder, as backups are made and put back.
extension DiskStore {
    /// Copies what is on disk, between two operations.
    package func copy() throws { copied = try files.copy() }

    /// The copy takes the disk's place, while the process is down; it finds that out (rule ST7).
    package func putBack(seed: UInt64, isNoticed: Bool) throws {
        guard let copied else { preconditionFailure("what is put back was copied") }
        try files.replace(with: copied, inPlace: !isNoticed)
        self.copied = nil
    }

    /// A copy of the disk that goes on by itself, in a folder beside it.
    package func cloned(crash: CrashPoint, seed: UInt64) throws -> any SimulatedStore {
        let disk = try files.cloned(seed: seed)
        let environment = DiskEnvironment(seed: seed ^ 0xC10E, now: environment.now)
        return try DiskStore(
            opening: disk, of: self, environment: environment, crash: crash)
    }
}
