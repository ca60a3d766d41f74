import FikaCRDT
import FikaLog
import FikaNet
package import FikaStore
public import Logging
package import NIOCore
import NIOPosix

/// A relay in this process: its data folder, its listener, and what watches it.
public final class RelayServer: Sendable {
    /// Where it listens, `host:port`; the port is the one in use.
    public let address: String
    /// The port that it listens at.
    public let port: Int
    /// Where `/healthz` and `/metrics` are, `host:port`; nil when nowhere.
    public let monitorAddress: String?
    /// The relay's public key, in hexadecimal.
    public let key: String
    /// Whether the folder turned out to be an old copy, so that a new epoch began.
    public let isRestored: Bool

    private let driver: RelayDriver
    private let listener: Listener
    private let monitor: MonitorServer?
    private let figures: RelayFigures

    /// Opens the data folder and begins to listen.
    ///
    /// - Parameters:
    ///   - configuration: Where, and what is allowed.
    ///   - logger: Told what happens.
    /// - Returns: The relay; it serves until ``drain(retryAfterMilliseconds:)``.
    /// - Throws: `RelayStartError`.
    public static func start(
        _ configuration: RelayConfiguration, logger: Logger
    ) async throws(RelayStartError) -> RelayServer {
        try await start(
            configuration, logger: logger, environment: .relay,
            group: MultiThreadedEventLoopGroup.singleton)
    }

    package static func start(
        _ configuration: RelayConfiguration, logger: Logger, environment: StoreEnvironment,
        group: any EventLoopGroup
    ) async throws(RelayStartError) -> RelayServer {
        let figures = RelayFigures()
        let queue = SerialQueue("fika.relay")
        let opened = try open(configuration, figures, logger, environment, queue)
        let listener: Listener
        do {
            listener = try await Listener.start(
                ListenerSettings(
                    host: configuration.host, port: configuration.port,
                    allowsRemote: configuration.allowsUnauthenticatedNetwork,
                    connectionsMaximum: configuration.connectionsMaximum),
                group: group, queue: queue
            ) { events in opened.driver.assumeIsolated { $0.take(events) } }
        } catch {
            try? await opened.driver.close()
            throw RelayStartError(error)
        }
        var monitor: MonitorServer?
        do {
            if let (host, port) = configuration.monitor {
                monitor = try await MonitorServer.start(
                    host: host, port: port,
                    allowsRemote: configuration.allowsUnauthenticatedNetwork, figures: figures,
                    group: group)
            }
        } catch {
            await listener.close()
            try? await opened.driver.close()
            throw error
        }
        return RelayServer(configuration, opened, listener, monitor, figures)
    }

    private struct Opened: Sendable {
        let driver: RelayDriver
        let key: PublicKey
        let isRestored: Bool
    }

    private static func open(
        _ configuration: RelayConfiguration, _ figures: RelayFigures, _ logger: Logger,
        _ environment: StoreEnvironment, _ queue: SerialQueue
    ) throws(RelayStartError) -> Opened {
        var settings = RelaySettings(
            allowsRemote: configuration.allowsUnauthenticatedNetwork,
            uplinkCredit: configuration.uplinkCredit)
        for text in configuration.succeededKeys {
            guard let bytes = Hexadecimal.bytes(text), let key = PublicKey(bytes: bytes) else {
                throw .notAKey(text)
            }
            settings.succeeded.append(key)
        }
        do {
            if configuration.repairs { try repair(configuration.dataFolder, logger) }
            let log = try SQLiteRelayLog(
                folder: configuration.dataFolder, command: "fikad", environment: environment)
            let (key, isRestored) = (log.key.publicKey, log.isRestored)
            let driver = try RelayDriver(
                log: log, settings: settings, figures: figures, logger: logger,
                environment: environment, queue: queue)
            return Opened(driver: driver, key: key, isRestored: isRestored)
        } catch {
            throw RelayStartError(opening: error)
        }
    }

    private static func repair(_ folder: String, _ logger: Logger) throws {
        guard let found = try RelayRepair.run(folder: folder, command: "fikad") else {
            return logger.notice("nothing is damaged")
        }
        for problem in found.problems.prefix(10) {
            logger.error("damaged", metadata: ["what": "\(problem)"])
        }
        logger.warning(
            "the damaged file is set aside; clients fill the relay again",
            metadata: ["file": "\(found.setAside)", "problems": "\(found.problems.count)"])
    }

    private init(
        _ configuration: RelayConfiguration, _ opened: Opened, _ listener: Listener,
        _ monitor: MonitorServer?, _ figures: RelayFigures
    ) {
        driver = opened.driver
        key = "\(opened.key)"
        isRestored = opened.isRestored
        self.listener = listener
        self.monitor = monitor
        self.figures = figures
        port = listener.port
        address = "\(configuration.host):\(listener.port)"
        monitorAddress = monitor.map { "\(configuration.monitor?.host ?? ""):\($0.port)" }
    }

    /// Ends the relay in a planned way.
    ///
    /// Nobody new is taken, all are told when to come back, what was accepted is on disk, and the
    /// folder is free when this returns.
    ///
    /// - Parameter retryAfterMilliseconds: When clients shall come back.
    public func drain(retryAfterMilliseconds: UInt64 = 1000) async {
        figures.change { $0.isDraining = true }
        await listener.stopAccepting()
        listener.perform(await driver.drain(retryAfter: retryAfterMilliseconds))
        await listener.close()
        try? await driver.close()
        await monitor?.close()
    }

    /// The figures in the text form that Prometheus reads.
    public var metrics: String { MetricsText.text(figures.snapshot) }
}
