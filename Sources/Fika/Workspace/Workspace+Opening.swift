import FikaCRDT
import FikaLog
package import FikaStore
public import Foundation

extension Workspace {
    /// Makes an empty store for a user.
    ///
    /// - Parameters:
    ///   - url: The folder, which is made where it is missing.
    ///   - user: Whose store it is: 1 to 64 bytes.
    ///   - deviceName: What others see of this device; at most 256 bytes.
    ///   - workspace: The id of the workspace to take part in; nil makes a new one.
    ///   - command: What this process is, for others that want to write.
    /// - Returns: The workspace, held by this process.
    /// - Throws: ``FikaError`` with the code `alreadyExists` when the folder holds a store,
    ///   `invalidArgument`, `storeInUse` or `system`.
    public static func create(
        at url: URL, user: String, deviceName: String = "", workspace: String? = nil,
        command: String = "an app"
    ) async throws(FikaError) -> Workspace {
        guard let userID = UserID(user) else {
            throw FikaError(
                .invalidArgument,
                "a user's name has 1 to \(UserID.byteCountMaximum) bytes and no control characters")
        }
        guard deviceName.utf8.count <= Limits.nameBytesMaximum else {
            throw FikaError(
                .invalidArgument,
                "a device's name has at most \(Limits.nameBytesMaximum) bytes")
        }
        let joined = try workspace.map { text throws(FikaError) in
            guard let id = WorkspaceID(text) else {
                throw FikaError(.invalidArgument, "\(text) is no workspace id")
            }
            return id
        }
        let result = try await Offload.run {
            let environment = StoreEnvironment.system
            var generator = environment.generator
            let device = DeviceKey(using: &generator)
            let key = joined == nil ? DeviceKey(using: &generator) : nil
            guard
                let id = joined ?? key.map({ Hashes.workspaceID(publicKey: $0.publicKey) })
            else { preconditionFailure("without a workspace to join there is a new key") }
            let profile = StoreProfile(
                workspace: id, user: userID, deviceName: deviceName,
                publicKey: device.publicKey)
            let store = try Store.create(
                folder: url.path, profile: profile,
                identity: IdentityFile(device: device, workspace: key), command: command,
                environment: environment)
            return Workspace(store: store, access: .holder)
        }
        try result.listen()
        return result
    }

    /// Opens the store of a folder; it never touches the network.
    ///
    /// A store that another process holds is opened as a guest.
    ///
    /// - Parameters:
    ///   - url: The folder.
    ///   - writes: Whether this process wants to write, by itself or through the holder.
    ///   - command: What this process is, for others that want to write.
    /// - Returns: The workspace.
    /// - Throws: ``FikaError`` with the code `notFound`, `newerFormat`, `damaged` or `system`.
    public static func open(
        at url: URL, writes: Bool = true, command: String = "an app"
    ) async throws(FikaError) -> Workspace {
        try await open(at: url, writes: writes, command: command, timing: .system)
    }

    /// Opens the store of a folder, with a passing of time and a clock of its own.
    package static func open(
        at url: URL, writes: Bool, command: String, timing: Timing,
        environment: StoreEnvironment = .system
    ) async throws(FikaError) -> Workspace {
        let workspace = try await Offload.run {
            if writes {
                do {
                    let store = try Store.open(
                        folder: url.path, mode: .writing(command: command),
                        environment: environment)
                    return Workspace(store: store, access: .holder, timing: timing)
                } catch StoreError.inUse {
                    // It is read here; what is written goes through the one that holds it.
                }
            }
            let store = try Store.open(
                folder: url.path, mode: .reading, environment: environment)
            return Workspace(
                store: store, access: writes ? .guest : .reader, timing: timing)
        }
        if workspace.access == .holder { try workspace.listen() }
        return workspace
    }
}

extension Workspace {
    /// The id of the workspace that an export file is of; no more than its beginning is read.
    ///
    /// - Throws: ``FikaError``: `malformedInput`, or `system` when the file cannot be read.
    public static func workspaceID(ofExport path: String) throws(FikaError) -> String {
        do throws(ExportError) {
            let reader = try ExportReader(path: path)
            return reader.workspace.description
        } catch {
            throw FikaError(error)
        }
    }
}
