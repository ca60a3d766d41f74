import FikaCRDT
import FikaLog
import FikaStore
public import Foundation

/// What a repair kept of a damaged store, and what it could not read.
public struct RepairSummary: Sendable, Codable, Hashable {
    /// The damaged file, which is kept under this name.
    public var setAside: String
    /// Ops that verify and were kept.
    public var keptOps: Int
    /// Ops that could not be kept; the next sync fetches them from whoever holds them.
    public var missingOps: Int
    /// Own ops that nobody had seen; they are said again.
    public var saidAgain: Int
    /// Own ops that nobody had seen and that cannot be read any more.
    public var lostOps: Int
}

extension Workspace {
    /// Repairs a damaged store: what verifies goes into a new file, the damaged one is set aside.
    ///
    /// What is missing comes with the next sync. A store with nothing wrong loses nothing by it.
    ///
    /// - Parameters:
    ///   - url: The folder; no process may have it open.
    ///   - user: Whose store it is, for a file that does not even say that.
    ///   - workspace: The id of its workspace, for the same.
    ///   - command: What this process is, for others that want to write.
    /// - Returns: What was kept, and what was not.
    /// - Throws: ``FikaError`` with the code `damaged` when nobody says whose store it is,
    ///   `storeInUse`, `notFound`, `invalidArgument` or `system`; nothing has then changed.
    public static func repair(
        at url: URL, user: String? = nil, workspace: String? = nil, command: String = "an app"
    ) async throws(FikaError) -> RepairSummary {
        var owner: (workspace: WorkspaceID, user: UserID)?
        if let user, let workspace {
            guard let user = UserID(user), let workspace = WorkspaceID(workspace) else {
                throw FikaError(.invalidArgument, "no user's name, or no workspace's id")
            }
            owner = (workspace, user)
        }
        return try await Offload.run { [owner] in
            let report = try Store.repair(
                folder: url.path, owner: owner, command: command, environment: .system)
            return RepairSummary(
                setAside: report.setAside, keptOps: report.keptOps,
                missingOps: report.missingOps, saidAgain: report.saidAgain,
                lostOps: report.lostOps)
        }
    }
}
