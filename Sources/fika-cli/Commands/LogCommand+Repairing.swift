import ArgumentParser
import Fika

extension LogCommand {
    struct Repair: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take what verifies out of a damaged store, and set the file aside",
            discussion: """
                What is missing then comes with the next `fika sync`; what nobody had seen is
                sent by a new replica. The damaged file stays beside the new one. No other
                process may have the store open.
                """)
        @OptionGroup var store: StoreOptions
        @Option(help: "Whose store it is, when the file does not even say that")
        var user: String?
        @Option(help: ArgumentHelp("Its workspace, for the same", valueName: "id"))
        var workspace: String?
        @OptionGroup var output: OutputOptions

        func validate() throws {
            if (user == nil) != (workspace == nil) {
                throw ValidationError("--user and --workspace go together")
            }
        }

        func run() async throws {
            try await Failure.reporting { () async throws(FikaError) in
                let found = try await Workspace.repair(
                    at: store.url, user: user, workspace: workspace, command: "fika log repair")
                print(output.isJSON ? JSONText.text(found) : Self.text(found))
            }
        }

        private static func text(_ found: RepairSummary) -> String {
            """
            kept \(found.keptOps) ops that verify, missing \(found.missingOps) until the next sync
            said again \(found.saidAgain) that nobody had seen, \(found.lostOps) not readable
            the damaged file is \(found.setAside)
            """
        }
    }
}
