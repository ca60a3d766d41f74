import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync

/// Frames in the middle of recorded sessions: the first byte chooses the moment, each part is a
/// frame: its type, and in bit 7 whether signatures are made true.
///
/// What has no frame's type is bytes as they are, or some seconds when there are none.
struct SessionFuzz: FuzzBench {
    private let moments: [Moment]
    private let stage: RelayStage
    private let emma: MemoryHolder
    private let room: LogID

    /// An end before a frame that it once got, and who spoke it.
    private struct Moment {
        let end: FuzzedEnd
        let forger: FrameForger
        let frame: [UInt8]
    }

    init() throws {
        let recorded = try RecordedSessions()
        stage = recorded.stage
        room = recorded.room
        emma = MemoryHolder(
            user: try TestStore.user("emma"), seed: 77, workspace: stage.workspace,
            now: stage.now)
        let holders = stage.clients.values.compactMap(\.holder)
        var keys: [ReplicaID: DeviceKey] = [:]
        var log = MemoryLog()
        for holder in holders.sorted(by: { $0.user.text < $1.user.text }) {
            for id in holder.log.logs() {
                for replica in holder.log.replicas(of: id)
                where holder.log.card(of: replica, in: id)?.introduction.publicKey
                    == holder.key.publicKey
                {
                    keys[replica] = holder.key
                }
            }
            log = holder.log
        }
        let resealer = Resealer(keys: keys, log: log)
        moments =
            try Self.relayed(recorded, resealer) + Self.peers(holders, resealer, now: stage.now)
    }

    private static func relayed(
        _ recorded: RecordedSessions, _ resealer: Resealer
    ) throws -> [Moment] {
        var moments: [Moment] = []
        for (_, tape) in recorded.sessions {
            let relay = recorded.stage.relayKey
            var forger = FrameForger(resealer: resealer, key: relay)
            for taped in tape {
                var decoder = FrameDecoder(limit: .full)
                decoder.append(taped.bytes)
                if let core = taped.core {
                    moments.append(
                        Moment(
                            end: FuzzedEnd(.relay(core, taped.id), now: taped.now),
                            forger: forger, frame: taped.bytes))
                } else if let session = taped.session, let holder = taped.holder {
                    moments.append(
                        Moment(
                            end: FuzzedEnd(.client(session, holder), now: taped.now),
                            forger: forger, frame: taped.bytes))
                }
                while let frame = try decoder.next() { forger.hear([frame]) }
            }
        }
        return moments
    }

    /// Two devices that meet without a relay, each before every frame that it gets.
    private static func peers(
        _ holders: [MemoryHolder], _ resealer: Resealer, now: UInt64
    ) throws -> [Moment] {
        guard let first = holders.first, let last = holders.last else { return [] }
        func identity(_ holder: MemoryHolder) -> SessionIdentity {
            SessionIdentity(key: holder.key, workspace: holder.workspace, user: holder.user)
        }
        let caller = PeerSession.calling(
            as: identity(first), nonce: [UInt8](repeating: 1, count: 16))
        let listener = PeerSession.listening(
            as: identity(last), nonce: [UInt8](repeating: 2, count: 16), time: last.now)
        var ends = [
            FuzzedEnd(.peer(caller, first), now: now),
            FuzzedEnd(.peer(listener, last), now: now),
        ]
        var heard = [0, 0]
        var moments: [Moment] = []
        for index in ends.indices { try ends[index].open() }
        while let index = ends.indices.first(where: { heard[$0] < ends[1 - $0].said.count }) {
            let frames = ends[1 - index].said[heard[index]...]
            heard[index] = ends[1 - index].said.count
            for frame in frames {
                var forger = FrameForger(
                    resealer: resealer, key: (index == 0 ? last : first).key)
                forger.hear(ends.flatMap(\.said))
                let bytes = FrameForger.bytes(frame.frame.type, frame.frame.body)
                moments.append(Moment(end: ends[index], forger: forger, frame: bytes))
                try ends[index].take(bytes)
            }
        }
        return moments
    }

    func seeds() throws -> [[UInt8]] {
        try recordedSeeds() + bombSeeds()
    }

    /// The largest batches that there are, where others came.
    private func bombSeeds() -> [[UInt8]] {
        let bombs = SegmentBombs.all(in: room, by: emma.user).map { sealed in
            Frame.batch(Batch(log: room, placements: [], segment: sealed.bytes))
        }
        let places = moments.indices.filter { index in
            var decoder = FrameDecoder(limit: .full)
            decoder.append(moments[index].frame)
            guard case .batch = try? decoder.next()?.frame else { return false }
            return true
        }
        return places.flatMap { place in
            bombs.map { bomb in
                [UInt8(place & 0xFF)] + FuzzRecords.part(bomb.type.rawValue, bomb.body)
            }
        }
    }

    private func recordedSeeds() throws -> [[UInt8]] {
        try moments.enumerated().flatMap { index, moment -> [[UInt8]] in
            var decoder = FrameDecoder(limit: .full)
            decoder.append(moment.frame)
            guard let decoded = try decoder.next() else { return [] }
            let type = decoded.frame.type.rawValue
            var body = decoded.frame.body
            if case .batch(var batch) = decoded.frame,
                let sealed = try? SealedSegment(bytes: batch.segment)
            {
                batch.segment = sealed.plainBlock
                body = Frame.batch(batch).body
            }
            let start = [UInt8(index & 0xFF)]
            return [
                start + FuzzRecords.part(type, decoded.frame.body),
                start + FuzzRecords.part(type | 0x80, body) + FuzzRecords.part(0, []),
            ]
        }
    }

    func run(_ bytes: [UInt8]) throws {
        guard let first = bytes.first, !moments.isEmpty else { return }
        let moment = moments[Int(first) % moments.count]
        var end = moment.end
        var forger = moment.forger
        for (head, body) in FuzzRecords(bytes.dropFirst()).prefix(12) {
            if let type = FrameType(rawValue: head & 0x1F) {
                try end.take(forger.bytes(of: type, body, isSigned: head & 0x80 != 0))
            } else if body.isEmpty {
                try end.wait(UInt64(head & 0x60) << 7)
            } else {
                try end.take(body)
            }
        }
        if case .relay(let core, _) = end.machine { try expectServes(core) }
    }

    /// What a relay has taken, whatever it was, it can hand to somebody new.
    private func expectServes(_ core: RelayCore<MemoryRelayLog>) throws {
        let known = stage.core.storage.orders()
        guard core.storage.orders() != known else { return }
        var stage = stage
        stage.core = core
        stage.clients = [:]
        stage.now += 1_000_000
        _ = try stage.connect(emma)
    }
}
