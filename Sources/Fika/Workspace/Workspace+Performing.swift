import FikaStore
import Glibc

extension Workspace {
    /// How long the holder may take for the commands of others.
    private static let patience = Duration.seconds(30)
    private static let patienceForFiles = Duration.seconds(600)

    /// Carries out a command here, or has it carried out by the process that holds the store.
    ///
    /// - Parameters:
    ///   - command: What is wanted.
    ///   - progress: Told now and then how many rows or ops are done; only where the command is
    ///     carried out by this process.
    /// - Returns: What it came to; it is on disk.
    /// - Throws: ``FikaError``: `refused` when a rule says no, `notFound`, `invalidArgument`,
    ///   `malformedInput` for files, `storeInUse` when nobody carries it out, `unanswered`.
    @discardableResult
    public func perform(
        _ command: Command, progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async throws(FikaError) -> CommandOutcome {
        switch access {
        case .holder:
            return try await Offload.run { try self.carryOut(command, progress: progress) }
        case .guest:
            return try await Offload.run {
                try self.handOver(command, progress: progress)
            }
        case .reader:
            throw FikaError(.refused, "the store was opened for reading")
        }
    }

    /// Carries out a command in this process, which holds the store.
    func carryOut(
        _ command: Command, progress: @escaping (Int) -> Void
    ) throws -> CommandOutcome {
        let runner = CommandRunner(store: store, links: links, progress: progress)
        let outcome = try runner.run(command)
        if command.writesOps { links.noteLocalChanges() }
        return outcome
    }

    /// Hands a command to the holder; where there is none any more, this process becomes it for
    /// as long as the command takes.
    private func handOver(
        _ command: Command, progress: @escaping (Int) -> Void
    ) throws -> CommandOutcome {
        let timeout = command.isLong ? Self.patienceForFiles : Self.patience
        var attemptsLeft = 60
        while true {
            do {
                return try CommandEnvelope.send(
                    command, workspace: id, folder: folder, timeout: timeout)
            } catch CommandSocketError.noListener {
                // The holder is just beginning or just ending, or takes no commands.
            }
            do {
                let store = try Store.open(
                    folder: folder, mode: .writing(command: "fika"),
                    environment: store.environment)
                defer { try? store.close() }
                return try CommandRunner(store: store, progress: progress).run(command)
            } catch let error as StoreError {
                guard case .inUse = error, attemptsLeft > 0 else { throw error }
            }
            attemptsLeft -= 1
            poll(nil, 0, 50)
        }
    }
}

extension Command {
    /// Whether it reads or writes files of any size.
    fileprivate var isLong: Bool {
        switch self {
        case .importIRC, .export, .importExport, .rebuild: true
        case .createRoom, .rename, .describe, .invite, .remove, .leave, .privateChat, .send,
            .edit, .delete, .setReaction, .setPin, .createPoll, .addOption, .vote, .markRead,
            .discard, .sendAgain, .setRelay, .reportLinks, .wakeLinks:
            false
        }
    }

    /// Whether there may be something to send after it.
    fileprivate var writesOps: Bool {
        switch self {
        case .export, .rebuild, .discard, .setRelay, .reportLinks, .wakeLinks: false
        case .createRoom, .rename, .describe, .invite, .remove, .leave, .privateChat, .send,
            .edit, .delete, .setReaction, .setPin, .createPoll, .addOption, .vote, .markRead,
            .importIRC, .importExport, .sendAgain:
            true
        }
    }
}
