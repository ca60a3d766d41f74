import ArgumentParser
import FikaRelay
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

@main
struct FikadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fikad",
        abstract: "Stores and fans out what Fika's clients write.",
        discussion: """
            A relay: clients connect to it, hand over what was written, and get what others
            wrote. All that it knows lies in the data folder; nothing is acknowledged before
            it is on disk there. A relay that lost its folder is filled again by its clients.

              fikad --data /var/lib/fika                  serve this machine, port 7447
              fikad --data DIR --listen 127.0.0.1:0       let the system choose the port
              fikad --data DIR --monitor 127.0.0.1:9447   /healthz and /metrics as well

            Until workspaces have certificates, a relay takes a device's word for whose it
            is. So it listens beyond this machine only with --allow-unauthenticated-network.

            The log goes to standard error; its first line names the address in use. SIGTERM
            and SIGINT drain: clients are told to come back, and the exit code is 0. Other
            exit codes: 64 wrong usage, 71 cannot listen or open the folder, 75 the folder
            is in use by another fikad.
            """)

    @Option(
        help: ArgumentHelp("The folder that holds everything; made if missing.", valueName: "dir"))
    var data: String

    @Option(
        help: ArgumentHelp(
            "Where to listen; port 0 lets the system choose.", valueName: "host:port"))
    var listen = Endpoint(host: "127.0.0.1", port: 7447)

    @Option(help: ArgumentHelp("Where to serve /healthz and /metrics.", valueName: "host:port"))
    var monitor: Endpoint?

    @Flag(help: "Listen beyond this machine, although nobody's identity is checked.")
    var allowUnauthenticatedNetwork = false

    @Option(
        help: ArgumentHelp(
            "Go on with the order of the relay that had this key; may be given again.",
            valueName: "key"))
    var succeed: [String] = []

    @Flag(
        help: """
            Check all that is stored first; a damaged database is set aside, and clients fill \
            the relay again.
            """)
    var repair = false

    @Option(help: ArgumentHelp("How much to log.", valueName: "level"))
    var logLevel = LogLevel.info

    @Flag(help: "Log one JSON object a line.")
    var jsonLogs = false

    func run() async throws {
        var logger = Logger(label: "fikad") { [jsonLogs] _ in ErrorOutputLog(isJSON: jsonLogs) }
        logger.logLevel = logLevel.level
        let server = try await start(logger)
        // The group's own words are for its developers.
        var quiet = logger
        quiet.logLevel = max(logLevel.level, .error)
        let group = ServiceGroup(
            services: [RelayService(server: server, logger: logger)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        try await group.run()
    }

    private func start(_ logger: Logger) async throws -> RelayServer {
        var configuration = RelayConfiguration(
            dataFolder: data, host: listen.host, port: listen.port)
        configuration.monitor = monitor.map { ($0.host, $0.port) }
        configuration.allowsUnauthenticatedNetwork = allowUnauthenticatedNetwork
        configuration.succeededKeys = succeed
        configuration.repairs = repair
        do {
            return try await RelayServer.start(configuration, logger: logger)
        } catch {
            throw complain(about: error, logger)
        }
    }

    /// Says why it does not start, and with which exit code.
    private func complain(about error: RelayStartError, _ logger: Logger) -> any Error {
        switch error {
        case .folderInUse(let processID, let command):
            logger.critical(
                "the data folder is in use",
                metadata: [
                    "data": "\(data)", "pid": "\(processID)", "command": "\(command)",
                ])
            return ExitCode(75)
        case .cannotOpen(let why):
            logger.critical("cannot open the data folder", metadata: ["reason": "\(why)"])
            return ExitCode(71)
        case .cannotBind(let why):
            logger.critical("cannot listen", metadata: ["reason": "\(why)"])
            return ExitCode(71)
        case .notLoopback(let host):
            return ValidationError(
                "\(host) is beyond this machine; see --allow-unauthenticated-network")
        case .notAKey(let text):
            return ValidationError("\(text) is no key: 64 hexadecimal digits")
        }
    }
}
