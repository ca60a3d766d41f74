import ArgumentParser
import Fika
import Foundation

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make an empty store",
        discussion: """
            The first store of a group makes a new workspace. Others take part in it:
            give its id with --workspace, or a file that somebody exported with --join.

              fika init --user emma
              fika init --user omid --device laptop --join fika.export
            """)

    @OptionGroup var store: StoreOptions
    @Option(help: "Whose store it is: 1 to 64 bytes")
    var user: String
    @Option(help: "A name for this device, which others see")
    var device: String = ""
    @Option(help: ArgumentHelp("The workspace to take part in", valueName: "id"))
    var workspace: String?
    @Option(
        help: ArgumentHelp(
            "An export file of the workspace to take part in; it is only looked at",
            valueName: "file"))
    var join: String?
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if workspace != nil, join != nil {
            throw ValidationError("--workspace and --join exclude each other")
        }
    }

    func run() async throws {
        try await Failure.reporting { () async throws(FikaError) in
            let id = try join.map { path throws(FikaError) in
                try Workspace.workspaceID(ofExport: path)
            }
            let made = try await Workspace.create(
                at: store.url, user: user, deviceName: device, workspace: id ?? workspace,
                command: "fika init")
            let record = ["store": made.folder, "user": made.user, "workspace": made.id]
            let joined = id ?? workspace == nil ? "new workspace" : "workspace"
            print(
                output.isJSON
                    ? JSONText.text(record)
                    : "made a store for \(made.user) in \(made.folder), \(joined) \(made.id)")
            try await made.close()
        }
    }
}
