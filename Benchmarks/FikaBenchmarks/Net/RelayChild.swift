import FikaRelay
import Logging

/// A real relay in a process of its own, as `fikad` runs it.
enum RelayChild {
    /// Serves a folder until the input ends.
    static func run(_ arguments: [String]) async throws {
        guard let folder = arguments.first else { return }
        var logger = Logger(label: "relay")
        logger.logLevel = .error
        let server = try await RelayServer.start(
            RelayConfiguration(dataFolder: folder, port: 0), logger: logger)
        ServerProcess.serve(port: server.port)
        await server.drain()
    }
}
