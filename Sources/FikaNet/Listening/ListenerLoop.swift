import FikaSync
import NIOCore

/// The connections of one event loop; used on that loop alone.
final class ListenerLoop: FrameReceiver {
    private let index: UInt64
    private let loops: UInt64
    private let report: (ListenerEvent) -> Void
    private let closed: () -> Void
    private var opened: UInt64 = 0
    private var handlers: [ConnectionID: FrameHandler] = [:]
    /// To be told when there is no connection any more.
    private var ending: [EventLoopPromise<Void>] = []

    /// Creates the keeper of one loop's connections.
    ///
    /// - Parameters:
    ///   - index: Which of the loops, from 0.
    ///   - loops: How many loops there are: an id tells its loop.
    ///   - report: Takes what happens.
    ///   - closed: Told when a connection that was counted is gone.
    init(
        index: Int, of loops: Int, report: @escaping (ListenerEvent) -> Void,
        closed: @escaping () -> Void
    ) {
        self.index = UInt64(index)
        self.loops = UInt64(loops)
        self.report = report
        self.closed = closed
    }

    static func index(of id: ConnectionID, of loops: Int) -> Int {
        Int(id.raw % UInt64(loops))
    }

    /// The handler of a connection that was just accepted.
    func makeHandler() -> FrameHandler {
        opened += 1
        return FrameHandler(
            ConnectionID(raw: opened * loops + index), receiver: self, raisesLimitAtReady: false)
    }

    func opened(_ handler: FrameHandler) {
        handlers[handler.id] = handler
        let isLoopback = handler.remoteAddress?.isLoopback ?? true
        report(.opened(handler.id, isLoopback: isLoopback))
    }

    func received(_ group: FrameGroup, from handler: FrameHandler) {
        report(.received(handler.id, group))
    }

    func broken(_ failure: Failure, from handler: FrameHandler) {
        report(.broken(handler.id, failure))
    }

    func closed(_ handler: FrameHandler) {
        handlers[handler.id] = nil
        report(.closed(handler.id))
        closed()
        settle()
    }

    /// Carries out what concerns this loop's connections, with one flush for each of them.
    func perform(_ steps: [LoopStep]) {
        var unflushed: [FrameHandler] = []
        for step in steps {
            switch step {
            case .send(let bytes, let recipients):
                for id in recipients {
                    guard let handler = handlers[id] else { continue }
                    if handler.write(bytes) { unflushed.append(handler) }
                }
            case .admit(let id): handlers[id]?.admit()
            case .close(let id): handlers[id]?.end()
            case .taken(let id, let byteCount): handlers[id]?.taken(byteCount)
            }
        }
        for handler in unflushed { handler.flush() }
    }

    /// Closes everything after what was sent; done when all are gone.
    func endAll(on eventLoop: any EventLoop) -> EventLoopFuture<Void> {
        let done = eventLoop.makePromise(of: Void.self)
        for (_, handler) in handlers.sorted(by: { $0.key < $1.key }) { handler.end() }
        ending.append(done)
        settle()
        return done.futureResult
    }

    private func settle() {
        guard handlers.isEmpty else { return }
        for done in ending { done.succeed() }
        ending = []
    }
}
