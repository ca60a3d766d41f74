package import FikaSync
package import NIOCore
import NIOPosix

/// Keeps a holder in step with a relay, or another device, over connections that come and go.
///
/// It runs on a queue of its own, so that the holder's commits block nobody. What it is told from
/// outside never waits: ``notifyLocalChanges()`` and its like come back at once.
package actor LinkDriver<
    Session: SyncSession & Sendable, Holder: SyncHolder & SendableMetatype
> {
    /// How the link stands; slow readers see the newest state alone.
    package nonisolated let state = LatestValue<LinkState>(.connecting)
    package nonisolated let address: LinkAddress

    private nonisolated let queue = SerialQueue("fika.link")
    nonisolated let inbox: Inbox<LinkEvent<Session>>
    nonisolated let group: any EventLoopGroup
    nonisolated let environment: LinkEnvironment
    let makeSession: @Sendable (_ nonce: [UInt8]) -> Session
    let report: @Sendable (LinkReport) -> Void

    var holder: Holder
    var reconnector = Reconnector()
    /// The present attempt; events of earlier ones are dropped.
    var attempt: UInt64 = 0
    var isConnecting = false
    var session: Session?
    var connection: OutgoingConnection?
    var ticks: RepeatedTask?
    var unsent: [UInt8] = []
    var isClosed = false
    var settling: [CheckedContinuation<LinkState, Never>] = []
    var mayBeSettled = false

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        queue.asUnownedSerialExecutor()
    }

    /// Readies a link; ``start()`` connects it.
    ///
    /// - Parameters:
    ///   - address: Where the other end listens.
    ///   - holder: What is kept in step.
    ///   - group: The event loops; those of the process when nil.
    ///   - environment: Time and randomness.
    ///   - makeSession: Makes the session of a new connection from 16 random bytes.
    ///   - report: Told what sessions tell, on the link's queue: it must not block.
    package init(
        to address: LinkAddress, holder: sending Holder, group: (any EventLoopGroup)? = nil,
        environment: LinkEnvironment = .system,
        makeSession: @escaping @Sendable (_ nonce: [UInt8]) -> Session,
        report: @escaping @Sendable (LinkReport) -> Void = { _ in }
    ) {
        self.address = address
        self.holder = holder
        self.group = group ?? MultiThreadedEventLoopGroup.singleton
        self.environment = environment
        self.makeSession = makeSession
        self.report = report
        inbox = Inbox(queue)
    }

    /// Begins to connect.
    package nonisolated func start() {
        inbox.open { events in self.assumeIsolated { $0.take(events) } }
        inbox.add(.retry(attempt: 0))
    }

    /// The holder has something new to send.
    package nonisolated func notifyLocalChanges() {
        inbox.add(.localChanges)
    }

    /// Tries now, instead of waiting.
    package nonisolated func wake(_ trigger: Reconnector.Trigger = .wish) {
        inbox.add(.trigger(trigger))
    }

    /// Lets the present session do something; nothing happens without one.
    package nonisolated func perform(
        _ body: @escaping @Sendable (inout Session) -> [SessionAction]
    ) {
        inbox.add(.session(body))
    }

    /// Asks the present session; nil without one.
    package func ask<Answer: Sendable>(_ body: @Sendable (Session) -> Answer) -> Answer? {
        session.map(body)
    }

    /// Says something that is never stored; dropped while there is no session.
    package nonisolated func say(_ ephemeral: Ephemeral) {
        perform { $0.ephemeral(ephemeral) }
    }

    /// Waits until nothing is missing here and nothing is left to send, or until an attempt failed.
    package func settled() async -> LinkState {
        if isClosed { return .closed }
        mayBeSettled = true
        return await withCheckedContinuation { continuation in
            settling.append(continuation)
            // Looked at in a turn of its own, when all that came before was dealt with.
            inbox.add(.session { _ in [] })
        }
    }

    /// Ends the link: says goodbye and returns when the connection is gone.
    package func close() async {
        guard !isClosed else { return }
        isClosed = true
        let connection = connection
        if var session {
            carryOut(session.goodbye(retryAfter: 0))
            sendUnsent()
        }
        leave()
        settle(.closed)
        state.set(.closed)
        state.finish()
        if !isConnecting { inbox.close() }
        await connection?.waitUntilClosed()
    }
}
