package import NIOCore
import NIOPosix

/// Takes connections and tells one consumer what comes through them, in batches.
///
/// The consumer runs on a queue of its own: everything that comes while it works on one batch is
/// the next one. What it wants sent is gathered: one write and one flush for each connection.
package final class Listener: Sendable {
    /// The port; the one that the system chose if it was asked to.
    package let port: Int
    private let channel: any Channel
    private let loops: ListenerLoops
    private let inbox: Inbox<ListenerEvent>
    private let ticks: RepeatedTask

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - settings: Where, and how much.
    ///   - group: The event loops that connections are spread over.
    ///   - queue: Where the consumer runs.
    ///   - consume: Takes all that happened, and returns what is to be done.
    /// - Returns: The listener; it listens until ``close()``.
    /// - Throws: `ListenError`.
    package static func start(
        _ settings: ListenerSettings, group: any EventLoopGroup, queue: SerialQueue,
        consume: @escaping @Sendable ([ListenerEvent]) -> [ListenerAction]
    ) async throws(ListenError) -> Listener {
        let inbox = Inbox<ListenerEvent>(queue)
        let loops = ListenerLoops(
            group, inbox: inbox, connectionsMaximum: settings.connectionsMaximum)
        let address = try resolve(settings)
        let channel: any Channel
        do {
            channel = try await bootstrap(group, loops).bind(to: address).get()
        } catch {
            throw .cannotBind("\(settings.host):\(settings.port): \(error)")
        }
        inbox.open { events in loops.perform(consume(events), after: events) }
        let pause = TimeAmount.milliseconds(settings.tickMilliseconds)
        let ticks = channel.eventLoop.scheduleRepeatedTask(
            initialDelay: pause, delay: pause
        ) { _ in inbox.add(.tick) }
        return Listener(channel: channel, loops: loops, inbox: inbox, ticks: ticks)
    }

    private static func resolve(_ settings: ListenerSettings) throws(ListenError) -> SocketAddress {
        let address: SocketAddress
        do {
            address = try .makeAddressResolvingHost(settings.host, port: settings.port)
        } catch {
            throw .cannotBind("\(settings.host): \(error)")
        }
        guard settings.allowsRemote || address.isLoopback else {
            throw .notLoopback(settings.host)
        }
        return address
    }

    private static func bootstrap(
        _ group: any EventLoopGroup, _ loops: ListenerLoops
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try loops.add(channel) }
            }
    }

    private init(
        channel: any Channel, loops: ListenerLoops, inbox: Inbox<ListenerEvent>,
        ticks: RepeatedTask
    ) {
        self.channel = channel
        self.loops = loops
        self.inbox = inbox
        self.ticks = ticks
        port = channel.localAddress?.port ?? 0
    }

    /// Does something that follows from no event; on the consumer's queue.
    package func perform(_ actions: [ListenerAction]) {
        loops.perform(actions, after: [])
    }

    /// Takes no more connections; those that are there stay.
    package func stopAccepting() async {
        try? await channel.close().get()
    }

    /// Takes no more connections, closes all that are there after what was
    /// sent to them, and tells no more events.
    package func close() async {
        ticks.cancel()
        await stopAccepting()
        await loops.endAll()
        inbox.close()
    }
}
