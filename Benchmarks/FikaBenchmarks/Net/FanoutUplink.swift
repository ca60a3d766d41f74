import FikaCRDT
import FikaLog
import FikaSync

/// The writer's connection: what it is told, and how much it may send.
struct FanoutUplink {
    let socket: Socket
    /// What times in briefs count from, milliseconds.
    let base: UInt64
    /// Whether the server counts credit.
    let isCounted: Bool
    private(set) var names = NameTable()
    /// Ops that the relay has said it accepted.
    private(set) var accepted = 0
    private var credit: Int
    private var decoder = FrameDecoder(limit: .full)

    /// - Parameters:
    ///   - socket: Through with the handshake, or without one.
    ///   - welcome: What the relay said first; nil where nobody counts credit.
    init(_ socket: Socket, welcome: Welcome?) {
        self.socket = socket
        base = welcome?.base ?? 0
        isCounted = welcome != nil
        credit = welcome.map { Int($0.credit) } ?? Int.max
    }

    /// Whether so many bytes may be sent; then they are paid for.
    mutating func pay(_ bytes: Int) -> Bool {
        guard credit > 0 else { return false }
        credit -= bytes
        return true
    }

    /// Takes note of what came.
    mutating func read() throws {
        decoder.append(try socket.read(atMost: 64 * 1024))
        while let frame = try decoder.next()?.frame {
            switch frame {
            case .credit(let bytes): credit += Int(bytes)
            case .names(let told):
                guard names.learn(told) else { throw Self.unexpected("\(told)") }
            case .placed(let placed): accepted += placed.placements.reduce(0) { $0 + Int($1.count) }
            case .batch(let batch): accepted += batch.placements.reduce(0) { $0 + Int($1.count) }
            case .failure, .goodbye, .refusal: throw Self.unexpected("\(frame)")
            case .ping(let token): try socket.write(Frame.pong(token).encode())
            case .status, .head, .synced, .pong, .ephemeral, .done, .brief: break
            case .welcome, .hello, .ready, .cursors, .page, .want, .positions, .haves:
                throw Self.unexpected("\(frame)")
            }
        }
    }

    /// Sends frames, as far as there is credit, and waits until so many ops are accepted.
    mutating func send(_ frames: [[UInt8]], until count: Int) throws {
        for frame in frames {
            while !pay(frame.count) { try read() }
            try socket.write(frame)
        }
        while accepted < count { try read() }
    }

    private static func unexpected(_ text: String) -> Socket.Failure {
        Socket.Failure(text: "the relay said \(text)")
    }
}
