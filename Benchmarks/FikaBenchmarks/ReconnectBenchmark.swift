import Fika
import FikaLog
import FikaStore
import FikaSync
import FikaTestSupport

/// What coming back costs with a thousand rooms: when nothing is new, and when one message is.
enum ReconnectBenchmark {
    private static let rooms = 1000
    private static let times = 20

    static func run(_ report: inout Report) throws {
        let folder = try TemporaryFolder()
        let relay = try ServerProcess("relay", [folder.path("relay")])
        defer { relay.stop() }
        let laptop = try BenchmarkStore(person: 0, seed: 1)
        let phone = try BenchmarkStore(person: 0, seed: 2)
        let logs = try (0..<rooms).map { try laptop.test.makeRoom("room \($0)") }
        for log in logs { try laptop.test.say("the first words", in: log) }
        // An introduction, the creation and a message each.
        _ = try laptop.upload(3 * rooms, port: relay.port)
        _ = try laptop.sync(port: relay.port)
        _ = try phone.sync(port: relay.port)
        _ = try phone.sync(port: relay.port)
        try add("idle", goal: 256, &report) { try phone.sync(port: relay.port) }
        try add("one behind in one room", goal: 400, &report) {
            try laptop.test.say("one message more, of which the phone knows nothing", in: logs[500])
            _ = try laptop.upload(1, port: relay.port)
            return try phone.sync(port: relay.port)
        }
    }

    private static func add(
        _ name: String, goal: Int, _ report: inout Report,
        _ reconnect: () throws -> SessionClient<StoreHolder>
    ) throws {
        var clients: [SessionClient<StoreHolder>] = []
        for _ in 0..<times { clients.append(try reconnect()) }
        func middle(_ value: (SessionClient<StoreHolder>) -> Double) -> Double {
            Measure.median(clients.map(value))
        }
        report.add(.reconnect, "\(name), up", middle { Double($0.bytesUp) }, "B", goal: "≤ \(goal)")
        report.add(
            .reconnect, "\(name), down", middle { Double($0.bytesDown) }, "B", goal: "≤ \(goal)")
        report.add(
            .reconnect, "\(name), until up to date", middle { $0.secondsUntilUpToDate * 1000 },
            "ms")
    }
}
