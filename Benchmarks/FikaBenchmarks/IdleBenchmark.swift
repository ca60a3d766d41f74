import FikaSimulation
import FikaSync
import FikaTestSupport
import Glibc

/// What a connection costs a relay that listens to a room in which nobody says anything.
enum IdleBenchmark {
    private static let connections = 5000
    private static let people = 100

    static func run(_ report: inout Report) throws {
        try raiseDescriptorLimit()
        let bare = try ServerProcess("bare-relay")
        defer { bare.stop() }
        var idle: [Socket] = []
        let limit = try memory(of: bare) { _ in
            idle.append(try Socket(port: bare.port))
        }
        report.add(.idle, "bare, memory a connection", limit, "KB")
        idle = []
        try runRelay(limit, &report)
    }

    private static func runRelay(_ limit: Double, _ report: inout Report) throws {
        let folder = try TemporaryFolder()
        let relay = try ServerProcess("relay", [folder.path("relay")])
        defer { relay.stop() }
        var writer = FanoutWriter(milliseconds: Measure.milliseconds())
        var uplink = try writer.connect(to: relay, members: people)
        var idle: [Socket] = []
        var clock = 0.0
        let memory = try memory(of: relay) { number in
            clock += try Measure.seconds {
                idle.append(
                    try writer.subscriber(number % people + 1, device: number, port: relay.port))
            }
        }
        report.add(.idle, "connections", Double(connections), "")
        report.add(.idle, "memory a connection", memory, "KB", goal: "≤ 12, aim 8")
        report.add(.idle, "a handshake and a catch-up", clock / Double(connections) * 1e6, "µs")
        // That all of them still listen is shown by what each of them gets.
        for socket in idle { socket.setNonblocking() }
        let frames = writer.briefs(1, bodyBytes: 150, names: uplink.names, base: uplink.base)
        let result = try FanoutRun(frames: frames, opsPerFrame: 1, window: 1, givesCredit: true)
            .run(to: &uplink, subscribers: idle, server: relay)
        report.add(.idle, "one message to all of them", result.clock * 1000, "ms")
    }

    /// Kilobytes that a server holds more for each connection.
    private static func memory(
        of server: ServerProcess, connect: (Int) throws -> Void
    ) throws -> Double {
        // The first ones pay for what is made once.
        for number in 0..<100 { try connect(number) }
        let before = server.residentBytes
        for number in 100..<100 + connections { try connect(number) }
        return Double(server.residentBytes - before) / Double(connections) / 1024
    }

    /// Servers inherit it.
    private static func raiseDescriptorLimit() throws {
        var limit = rlimit()
        let resource = Int32(RLIMIT_NOFILE.rawValue)
        getrlimit(resource, &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(resource, &limit)
        guard limit.rlim_cur > 5500 else {
            throw Socket.Failure(text: "only \(limit.rlim_cur) files may be open: ulimit -n")
        }
    }
}
