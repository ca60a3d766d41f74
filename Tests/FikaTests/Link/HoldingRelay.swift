import FikaCRDT
import FikaLog
import FikaNet
import FikaSimulation
import FikaSync
import NIOPosix
import Synchronization

/// A relay that says how much there is of a log, and sends nothing of it.
final class HoldingRelay: Sendable {
    /// What clients sent after the handshake, but ops.
    let heard = LatestValue<[Frame]>([])
    private let key: DeviceKey
    private let welcome: Welcome
    private let statuses: [LogStatus]
    private let listener = Mutex<Listener?>(nil)

    init(announcing statuses: [LogStatus], time: UInt64) {
        var generator = SplitMix64(seed: 77)
        key = DeviceKey(using: &generator)
        self.statuses = statuses
        welcome = Welcome(
            role: .relay, key: key.publicKey, epoch: Epoch(raw: 5), time: time, base: time,
            nonce: [UInt8](repeating: 4, count: 16), credit: 1 << 20)
    }

    /// Begins to listen; returns the port.
    func start() async throws -> Int {
        let listener = try await Listener.start(
            ListenerSettings(host: "127.0.0.1", port: 0),
            group: MultiThreadedEventLoopGroup.singleton, queue: SerialQueue("holding relay")
        ) { events in events.flatMap(self.answer) }
        self.listener.withLock { $0 = listener }
        return listener.port
    }

    func stop() async {
        await listener.withLock { $0 }?.close()
    }

    private func answer(_ event: ListenerEvent) -> [ListenerAction] {
        switch event {
        case .opened(let id, _): [.send(Frame.welcome(welcome).encode(), to: [id])]
        case .received(let id, let group): group.frames.flatMap { answer($0, on: id) }
        case .broken, .closed, .tick: []
        }
    }

    private func answer(_ received: DecodedFrame, on id: ConnectionID) -> [ListenerAction] {
        guard case .hello = received.frame else {
            if case .batch = received.frame { return [] }
            heard.set(heard.value + [received.frame])
            return []
        }
        let ready = ListenerHandshake.ready(
            .changesFollow, key: key, welcomeBody: Frame.welcome(welcome).body,
            helloBody: received.signedBody)
        let frames = [Frame.ready(ready)] + statuses.map { .status($0) }
        return [.admit(id)] + frames.map { .send($0.encode(), to: [id]) }
    }
}
