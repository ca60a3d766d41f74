import FikaCRDT
import FikaLog
import FikaNet
import FikaSimulation
import FikaSync
import NIOPosix
import Synchronization

/// A relay that says how much there is of a log, and sends nothing of it; or knows no log at all.
final class HoldingRelay: Sendable {
    /// What clients sent after the handshake, but ops.
    let heard = LatestValue<[Frame]>([])
    private let key: DeviceKey
    private let welcome: Welcome
    private let statuses: [LogStatus]
    private let knowsNothing: Bool
    private let listener = Mutex<Listener?>(nil)

    init(announcing statuses: [LogStatus], time: UInt64, knowsNothing: Bool = false) {
        var generator = SplitMix64(seed: 77)
        key = DeviceKey(using: &generator)
        self.statuses = statuses
        self.knowsNothing = knowsNothing
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
            if case .batch(let batch) = received.frame { return refuse(batch, on: id) }
            heard.set(heard.value + [received.frame])
            return []
        }
        let ready = ListenerHandshake.ready(
            .changesFollow, key: key, welcomeBody: Frame.welcome(welcome).body,
            helloBody: received.signedBody)
        var frames = [Frame.ready(ready)] + statuses.map { .status($0) }
        if knowsNothing { frames.append(.synced(welcome.time)) }
        return [.admit(id)] + frames.map { .send($0.encode(), to: [id]) }
    }

    private func refuse(_ batch: Batch, on id: ConnectionID) -> [ListenerAction] {
        guard knowsNothing, let segment = try? SealedSegment(bytes: batch.segment).segment
        else { return [] }
        let refusals = segment.runs.map { run in
            Frame.refusal(
                Refusal(
                    log: batch.log, replica: segment.replicas[Int(run.replica)], seq: run.first,
                    action: .wait, reason: Refusal.unknownLog, accepted: 0, retryAfter: 1))
        }
        return [.send(refusals.flatMap { $0.encode() }, to: [id])]
    }
}
