import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

/// Looks into the op log: what is held, whether it is whole, and why things are as they are.
public struct Inspection: Sendable {
    let workspace: Workspace

    /// All logs with their replicas and sizes, by id.
    public func logs() async throws(FikaError) -> [LogEntry] {
        try await workspace.read { try $0.logs() }
    }

    /// The ops of a log that a filter lets pass, in the order they are stored.
    public func ops(
        of log: RoomID, _ filter: OpFilter = OpFilter()
    ) async throws(FikaError) -> [OpEntry] {
        try await workspace.read { try $0.ops(of: log, filter) }
    }

    /// Checks every hash, chain and seal, and all that is shown against a rebuild.
    ///
    /// - Parameters:
    ///   - rooms: What to check; empty: everything.
    ///   - progress: Told now and then how many ops are checked.
    /// - Returns: What was found; problems are values, not errors.
    /// - Throws: ``FikaError`` when the store cannot be read at all.
    public func verify(
        _ rooms: [RoomID] = [], progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(FikaError) -> Verification {
        let logs = rooms.isEmpty ? nil : rooms.map(\.log)
        return try await Offload.run { [workspace] in
            Verification(try workspace.store.verify(logs, progress: progress))
        }
    }

    /// How large the store is, and what is in it.
    public func statistics() async throws(FikaError) -> StoreStatistics {
        try await workspace.read { [folder = workspace.folder] in
            try $0.statistics(folder: folder)
        }
    }

    /// The digest of all that is shown of a room: equal on all devices that hold the same ops.
    public func digest(of room: RoomID) async throws(FikaError) -> String {
        try await workspace.read { reader in
            _ = try reader.room(room)
            return try reader.queries.digest(of: room.log).description
        }
    }

    /// Explains a message, a name, a membership or a vote by the ops behind it.
    public func why(_ question: WhyQuestion) async throws(FikaError) -> Explanation {
        try await workspace.read { try $0.explain(question) }
    }
}

extension Verification {
    init(_ report: VerifyReport) {
        logs = report.logs
        replicas = report.replicas
        segments = report.segments
        ops = report.ops
        seals = report.seals
        unsealed = report.unsealed
        erasuresPending = report.erasuresPending
        erasuresDone = report.erasuresDone
        problems = report.problems.map { problem in
            let place = [
                problem.log.map { "log \(RoomID($0).short)" },
                problem.replica.map { "replica \(String($0.description.prefix(6)))" },
                problem.seq.map { "op \($0)" },
            ].compactMap { $0 }.joined(separator: ", ")
            return place.isEmpty ? problem.what : "\(place): \(problem.what)"
        }
    }
}
