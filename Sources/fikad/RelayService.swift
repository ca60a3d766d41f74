import FikaRelay
import Logging
import ServiceLifecycle

/// A relay that serves until the process is asked to end.
struct RelayService: Service {
    let server: RelayServer
    let logger: Logger

    func run() async throws {
        try? await gracefulShutdown()
        logger.notice("draining")
        await server.drain()
        logger.notice("ended")
    }
}
