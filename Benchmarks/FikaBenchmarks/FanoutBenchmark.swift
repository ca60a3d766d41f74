import FikaCRDT
import FikaSync
import FikaTestSupport

/// One who writes and a hundred who listen in one room, against a relay that only forwards.
enum FanoutBenchmark {
    private static let subscribers = 100
    private static let bodyBytes = 150
    private static let windowed = 256
    /// Ops of one run with many in flight, and with one.
    private static let (many, few) = (40_000, 4000)
    private static let batchOps = 64

    static func run(_ report: inout Report) throws {
        let bare = try ServerProcess("bare-relay")
        defer { bare.stop() }
        var writer = FanoutWriter(milliseconds: Measure.milliseconds())
        let limits = try measure(
            bare, &writer, FanoutUplink(try Socket(port: bare.port), welcome: nil),
            (0..<subscribers).map { _ in try Socket(port: bare.port) })
        add(limits, "bare", &report)
        let folder = try TemporaryFolder()
        let relay = try ServerProcess("relay", [folder.path("relay")])
        defer { relay.stop() }
        writer = FanoutWriter(milliseconds: Measure.milliseconds())
        let uplink = try writer.connect(to: relay, members: subscribers)
        let results = try measure(
            relay, &writer, uplink,
            (1...subscribers).map { try writer.subscriber($0, device: $0, port: relay.port) })
        add(results, "stored", &report)
        for (limit, own) in zip(limits, results) {
            report.add(
                .fanout, "\(own.name), ratio to bare, processor",
                own.result.perProcessorSecond / limit.result.perProcessorSecond, "")
        }
    }

    /// A kind of load, and what it came to.
    private struct Measured {
        let name: String
        let result: FanoutRun.Result
    }

    private static func measure(
        _ server: ServerProcess, _ writer: inout FanoutWriter, _ uplink: FanoutUplink,
        _ sockets: [Socket]
    ) throws -> [Measured] {
        var uplink = uplink
        for socket in sockets { socket.setNonblocking() }
        func run(_ frames: [[UInt8]], _ opsPerFrame: Int, _ window: Int) throws -> FanoutRun.Result
        {
            try FanoutRun(
                frames: frames, opsPerFrame: opsPerFrame, window: window,
                givesCredit: uplink.isCounted
            ).run(to: &uplink, subscribers: sockets, server: server)
        }
        func briefs(_ count: Int) -> [[UInt8]] {
            writer.briefs(count, bodyBytes: bodyBytes, names: uplink.names, base: uplink.base)
        }
        _ = try run(briefs(2000), 1, windowed)
        return [
            Measured(name: "256 in flight", result: try run(briefs(many), 1, windowed)),
            Measured(name: "one in flight", result: try run(briefs(few), 1, 1)),
            Measured(
                name: "256 in flight, 64 under a seal",
                result: try run(
                    writer.batches(many / batchOps, of: batchOps, bodyBytes: bodyBytes), batchOps,
                    windowed)),
        ]
    }

    private static func add(_ all: [Measured], _ server: String, _ report: inout Report) {
        for measured in all {
            let name = "\(server), \(measured.name)"
            let result = measured.result
            report.add(.fanout, name, result.perSecond / 1000, "k deliveries/s")
            report.add(.fanout, "\(name), bytes a delivery", result.bytesPerDelivery, "B")
            report.add(
                .fanout, "\(name), a processor second", result.perProcessorSecond / 1000,
                "k deliveries")
        }
    }
}
