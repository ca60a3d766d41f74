import FikaCRDT
import FikaLog
import FikaSync

/// A client's own session over a plain socket: what it says and hears is counted.
struct SessionClient<Holder: SyncHolder> {
    let socket: Socket
    var holder: Holder
    private(set) var session: ClientSession
    private(set) var bytesUp = 0
    private(set) var bytesDown = 0
    /// What the relay said first.
    private(set) var welcome: Welcome?
    /// Ops of which the relay has told a position.
    private(set) var placedCount = 0
    private(set) var secondsUntilUpToDate = 0.0
    private let start = ContinuousClock.now
    private var decoder = FrameDecoder(limit: .full)

    /// A session that ended before its time.
    struct Failure: Error {
        let text: String
    }

    init(
        port: Int, user: UserID, key: DeviceKey, workspace: WorkspaceID, nonce: [UInt8],
        credit: UInt64 = 1 << 20, holder: Holder
    ) throws {
        socket = try Socket(port: port)
        self.holder = holder
        session = ClientSession(
            identity: SessionIdentity(key: key, workspace: workspace, user: user), nonce: nonce,
            credit: credit)
        _ = session.connected(now: 0)
    }

    /// Waits for something, and carries out what the session makes of it.
    mutating func step() throws -> [SessionAction] {
        let bytes = try socket.read(atMost: 256 * 1024)
        bytesDown += bytes.count
        decoder.append(bytes)
        var frames: [DecodedFrame] = []
        while let decoded = try decoder.next() {
            note(decoded.frame)
            frames.append(decoded)
        }
        let actions = try session.received(frames, holder: &holder)
        try carryOut(actions)
        return actions
    }

    /// Goes on until nothing is missing that the relay has.
    mutating func runUntilUpToDate(afterEach look: (Self) throws -> Void = { _ in }) throws {
        while true {
            let actions = try step()
            try look(self)
            guard !actions.contains(.phase(.upToDate)) else { break }
        }
        let duration = ContinuousClock.now - start
        secondsUntilUpToDate = duration / .seconds(1)
    }

    private mutating func note(_ frame: Frame) {
        if case .welcome(let welcome) = frame { self.welcome = welcome }
        if case .placed(let placed) = frame {
            placedCount += placed.placements.reduce(0) { $0 + Int($1.count) }
        }
    }

    private mutating func carryOut(_ actions: [SessionAction]) throws {
        for action in actions {
            switch action {
            case .send(let frame):
                let bytes = frame.encode()
                bytesUp += bytes.count
                try socket.write(bytes)
            case .fail(let failure): throw Failure(text: "\(failure)")
            case .closed(let end): throw Failure(text: "\(end)")
            case .phase, .stored, .unknown, .ephemeral, .pageArrived: break
            }
        }
    }
}
