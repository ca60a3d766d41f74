import FikaCRDT
import FikaLog
import FikaStore

/// A relay's data folder: who may write it, who the relay is, and whether the folder is the one
/// that was left.
final class RelayFolder {
    let path: String
    let key: DeviceKey
    /// Nil once it was given back.
    private var lock: StoreLock?
    private let marker: StoreMarker
    private var generator: EnvironmentGenerator

    static let databaseName = "relay.sqlite"
    private static let identityName = "identity"

    /// Takes the folder's lock; makes the folder, the relay's key and the database's file where
    /// they are missing.
    ///
    /// A key that is lost is not made anew beside a database: the heads that it signed would be
    /// nobody's.
    init(_ path: String, command: String, environment: StoreEnvironment) throws {
        try StoreFile.makeFolder(path)
        lock = try StoreLock(folder: path, command: command)
        generator = environment.generator
        let hasDatabase = StoreFile.exists(path + "/" + Self.databaseName)
        if !hasDatabase, !StoreFile.exists(path + "/" + Self.identityName) {
            try IdentityFile(device: DeviceKey(using: &generator), workspace: nil)
                .write(folder: path)
        }
        key = try IdentityFile(folder: path).device
        if !hasDatabase { try StoreFile.makePrivate(path + "/" + Self.databaseName) }
        found = try StoreMarker.opening(folder: path)?.reading() ?? .missing
        marker = try StoreMarker.adopting(folder: path, using: &generator)
        self.path = path
    }

    /// What lay beside the database when the folder was opened.
    private let found: MarkerReading

    /// Whether database and marker belong together, by what the database remembers.
    func verdict(record: MarkerRecord?) -> MarkerVerdict {
        MarkerRecord.verdict(record: record, reading: found)
    }

    /// The record to write in a transaction after which ``advance(to:)`` is called.
    func nextRecord() throws -> MarkerRecord {
        guard case .value(let value, let file) = try marker.reading() else {
            throw StoreError.damaged("the file `marker` is unreadable")
        }
        return MarkerRecord.advancing(from: value, file: file, using: &generator)
    }

    /// Lets others have the folder.
    func unlock() {
        lock = nil
    }

    func advance(to record: MarkerRecord) throws {
        try marker.write(record.next)
    }
}
