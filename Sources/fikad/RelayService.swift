import FikaRelay
import Logging
import ServiceLifecycle

/// A relay that serves until the process is asked to end.
struct RelayService: Service {
    let server: RelayServer
    let logger: Logger

    func run() async throws {
        // Not before: from here on the signals that end a service are waited for, and who reads
        // that the relay listens may send one.
        logger.notice("listening", metadata: metadata)
        if server.isRestored {
            logger.warning("the data folder is a copy, or an old one put back: a new epoch began")
        }
        try? await gracefulShutdown()
        logger.notice("draining")
        await server.drain()
        logger.notice("ended")
    }

    private var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["address": "\(server.address)", "key": "\(server.key)"]
        if let address = server.monitorAddress { metadata["monitor"] = "\(address)" }
        return metadata
    }
}
