import FikaNet
import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves what watches a relay, over HTTP on a port of its own.
struct MonitorServer: Sendable {
    private let channel: any Channel

    static func start(
        host: String, port: Int, allowsRemote: Bool, figures: RelayFigures,
        group: any EventLoopGroup
    ) async throws(RelayStartError) -> MonitorServer {
        do {
            let address = try SocketAddress.makeAddressResolvingHost(host, port: port)
            guard allowsRemote || address.isLoopback else {
                throw RelayStartError.notLoopback(host)
            }
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.configureHTTPServerPipeline(withErrorHandling: true)
                        try pipeline.addHandler(MonitorHandler(figures))
                    }
                }
                .bind(to: address).get()
            return MonitorServer(channel: channel)
        } catch let error as RelayStartError {
            throw error
        } catch {
            throw .cannotBind("\(host):\(port): \(error)")
        }
    }

    var port: Int { channel.localAddress?.port ?? 0 }

    func close() async {
        try? await channel.close().get()
    }
}
