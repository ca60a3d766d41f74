import FikaLog
import FikaStore
import GRDB
import Glibc

/// Checks a relay's database before it is served, and sets a damaged one aside (rule RS9).
package enum RelayRepair {
    /// What was found, and where the damaged file is now.
    package struct Finding: Hashable, Sendable {
        package let problems: [String]
        package let setAside: String
    }

    /// Checks the database of a folder.
    ///
    /// A damaged one gets another name, with its write-ahead log; what begins then is empty and is
    /// filled by the clients, as after the loss of a disk.
    ///
    /// - Parameters:
    ///   - folder: The relay's folder.
    ///   - command: What this process is, for others that want the folder.
    /// - Returns: What was wrong; nil when nothing was, or when there is no database.
    /// - Throws: `StoreError.inUse`, and `StoreError.system` where the file could not be read: then
    ///   it is not set aside.
    package static func run(folder: String, command: String) throws -> Finding? {
        let path = folder + "/" + RelayFolder.databaseName
        guard StoreFile.exists(path) else { return nil }
        let lock = try StoreLock(folder: folder, command: command)
        return try withExtendedLifetime(lock) {
            let problems = try problems(path)
            guard !problems.isEmpty else { return nil }
            return Finding(problems: problems, setAside: try setAside(folder, path))
        }
    }

    private static func problems(_ path: String) throws -> [String] {
        do {
            let queue = try StoreFile.openDamaged(path)
            let problems = try queue.writeWithoutTransaction { try RelayAudit.problems($0) }
            try? queue.close()
            return problems
        } catch let error where !StoreError.isOfSystem(error) {
            return ["\(error)"]
        } catch {
            throw StoreError(database: error) ?? error
        }
    }

    private static func setAside(_ folder: String, _ path: String) throws -> String {
        var number = 1
        while StoreFile.exists("\(folder)/damaged-\(number).sqlite") { number += 1 }
        let aside = "\(folder)/damaged-\(number).sqlite"
        // The log first: cut short here, the next check finds both still in place.
        let wal = path + "-wal"
        if StoreFile.exists(wal), link(wal, aside + "-wal") != 0, errno != EEXIST {
            throw failure("set aside", wal)
        }
        guard rename(path, aside) == 0 else { throw failure("set aside", path) }
        for part in ["-wal", "-shm"] {
            guard unlink(path + part) == 0 || errno == ENOENT else {
                throw failure("remove", path + part)
            }
        }
        return aside
    }

    private static func failure(_ what: String, _ path: String) -> StoreError {
        .system("\(what) \(path): \(String(cString: strerror(errno)))")
    }
}
