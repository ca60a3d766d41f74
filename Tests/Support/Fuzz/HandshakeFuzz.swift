import FikaCRDT
import FikaLog
import FikaNet
import FikaRelay
import FikaSimulation
import FikaSync

/// The first frames of a connection: the first byte chooses the end, each part is a frame: its
/// type, and in bit 7 whether its signature is made true.
struct HandshakeFuzz: FuzzBench {
    private let ends: [FuzzedEnd]
    private let forger: FrameForger

    init() throws {
        let stage = try RecordedSessions().stage
        let holders = stage.clients.values.compactMap(\.holder)
            .sorted { $0.user.text < $1.user.text }
        guard let first = holders.first, let last = holders.last else {
            throw FuzzFinding("recorded sessions have clients")
        }
        let identity = SessionIdentity(
            key: last.key, workspace: stage.workspace, user: last.user)
        let nonce = [UInt8](repeating: 5, count: 16)
        let machines: [FuzzedEnd.Machine] = [
            .relay(stage.core, ConnectionID(raw: 1000)),
            .client(ClientSession(identity: identity, nonce: nonce), last),
            .peer(PeerSession.calling(as: identity, nonce: nonce), last),
            .peer(
                PeerSession.listening(as: identity, nonce: nonce, time: last.now), last),
        ]
        var ends: [FuzzedEnd] = []
        for machine in machines {
            var end = FuzzedEnd(machine, now: stage.now)
            try end.open()
            ends.append(end)
        }
        self.ends = ends
        forger = FrameForger(resealer: Resealer(keys: [:], log: first.log), key: first.key)
    }

    func seeds() throws -> [[UInt8]] {
        let frames = try VectorFile(contentsOf: Fixtures.path("vectors/frames.txt")).sections
            .flatMap { $0.values("frame") }.compactMap { Hexadecimal.bytes($0) }
        let sessions = try VectorFile(contentsOf: Fixtures.path("vectors/sessions.txt")).sections
            .flatMap { $0.values("client") + $0.values("relay") }
            .compactMap { Hexadecimal.bytes($0) }
        var byType: [FrameType: [[UInt8]]] = [:]
        for bytes in frames + sessions {
            var decoder = FrameDecoder(limit: .full)
            decoder.append(bytes)
            guard let frame = try? decoder.next()?.frame else { continue }
            byType[frame.type, default: []].append(frame.body)
        }
        var seeds: [[UInt8]] = []
        func part(_ type: FrameType, _ body: [UInt8]) -> [UInt8] {
            FuzzRecords.part(type.rawValue | 0x80, body)
        }
        for hello in byType[.hello] ?? [] {
            seeds += [[0] + part(.hello, hello), [3] + part(.hello, hello)]
        }
        for welcome in byType[.welcome] ?? [] {
            for ready in byType[.ready] ?? [] {
                let both = part(.welcome, welcome) + part(.ready, ready)
                seeds += [[1] + both, [2] + both]
            }
        }
        return seeds
    }

    func run(_ bytes: [UInt8]) throws {
        guard let first = bytes.first else { return }
        var end = ends[Int(first) % ends.count]
        var forger = forger
        for (head, body) in FuzzRecords(bytes.dropFirst()).prefix(6) {
            forger.hear(end.said)
            if let type = FrameType(rawValue: head & 0x1F) {
                try end.take(forger.bytes(of: type, body, isSigned: head & 0x80 != 0))
            } else {
                try end.take(body)
            }
        }
    }
}
