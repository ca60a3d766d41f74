package import FikaCRDT
package import FikaLog
import GRDB
import Glibc

extension Store {
    /// Takes what verifies out of a damaged store into a new file, and sets the damaged one aside.
    ///
    /// The store goes on as new replicas; what is missing comes from whoever holds it with the next
    /// sync. Own ops that nobody had seen are said again (rule A4).
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - owner: Whose store it is, for a file that does not even say that.
    ///   - command: What this process is, for others that want to write.
    ///   - environment: Time and randomness.
    /// - Returns: What was kept, and what was not.
    /// - Throws: `StoreError.damaged` when nobody knows whose store it is, `inUse`, `notFound`,
    ///   `system` or a `DatabaseError` when the disk fails; nothing has then changed.
    package static func repair(
        folder: String, owner: (workspace: WorkspaceID, user: UserID)? = nil, command: String,
        environment: StoreEnvironment
    ) throws -> RepairReport {
        let files = RepairFiles(folder: folder)
        guard StoreFile.exists(files.database) else { throw StoreError.notFound(path: folder) }
        let lock = try StoreLock(folder: folder, command: command)
        return try withExtendedLifetime(lock) {
            let identity = try IdentityFile(folder: folder)
            try files.copyForSalvage()
            defer { files.removeScratch() }
            let source = SalvageSource(path: files.salvage)
            let profile = try profile(of: source, owner, identity.device.publicKey)
            var report = try salvage(
                source, profile, identity.device, to: files.repaired, environment)
            report.setAside = try files.exchange()
            return report
        }
    }

    private static func profile(
        of source: SalvageSource, _ owner: (workspace: WorkspaceID, user: UserID)?,
        _ key: PublicKey
    ) throws -> StoreProfile {
        let held = try? source.read { try MetaTable(db: $0).profile() }
        try source.checkAllWasAsked()
        if let held, held.publicKey == key { return held }
        guard let owner else {
            throw StoreError.damaged("it does not say whose store it is; name user and workspace")
        }
        return StoreProfile(
            workspace: owner.workspace, user: owner.user, deviceName: held?.deviceName ?? "",
            publicKey: key)
    }

    private static func salvage(
        _ source: SalvageSource, _ profile: StoreProfile, _ key: DeviceKey, to path: String,
        _ environment: StoreEnvironment
    ) throws -> RepairReport {
        try StoreFile.makePrivate(path)
        let pool = try StoreFile.open(path, isReadOnly: false)
        try StoreFile.migrate(pool, by: Migrations.migrator)
        let writer = StoreWriter(profile: profile, key: key, environment: environment)
        var report = RepairReport()
        try pool.writeWithoutTransaction { db in
            try db.tidily {
                try db.inTransaction(.immediate) {
                    try MetaTable(db: db).store(profile)
                    var salvage = Salvage(source: source, writer: writer, db)
                    try salvage.run()
                    report = salvage.report
                    return .commit
                }
                _ = try db.checkpoint(.truncate)
            }
        }
        try pool.close()
        return report
    }
}
