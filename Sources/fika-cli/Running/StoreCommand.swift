import ArgumentParser
import Fika
import Foundation

/// A command that works on a store.
protocol StoreCommand: AsyncParsableCommand {
    var store: StoreOptions { get }
    /// Whether it writes, and so needs the store's lock or its holder.
    static var writes: Bool { get }
    func run(in session: Session) async throws(FikaError)
}

extension StoreCommand {
    static var writes: Bool { true }

    func run() async throws {
        try await Failure.reporting { () async throws(FikaError) in
            let name = Self.configuration.commandName ?? "\(Self.self)".lowercased()
            let workspace = try await Workspace.open(
                at: store.url, writes: Self.writes, command: "fika \(name)")
            let session = Session(workspace: workspace, style: Terminal.style)
            do throws(FikaError) {
                try await run(in: session)
            } catch {
                try? await workspace.close()
                throw error
            }
            try await workspace.close()
        }
    }
}

/// A command that only reads.
protocol ReadingCommand: StoreCommand {}

extension ReadingCommand {
    static var writes: Bool { false }
}
