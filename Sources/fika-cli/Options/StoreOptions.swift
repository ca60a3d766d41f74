import ArgumentParser
import Foundation

/// Where the store is.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .customLong("store"),
        help: ArgumentHelp(
            "The folder of the store",
            discussion: "Without it: $FIKA_STORE, else ~/.local/share/fika.",
            valueName: "folder"))
    var folder: String?

    /// The folder, from the option, the environment or the home of the user.
    var url: URL {
        let environment = ProcessInfo.processInfo.environment
        if let path = folder ?? environment["FIKA_STORE"], !path.isEmpty {
            return URL(fileURLWithPath: path).standardizedFileURL
        }
        return URL(fileURLWithPath: NSHomeDirectory())
            .appendingPathComponent(".local/share/fika")
    }
}
