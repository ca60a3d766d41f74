/// The benchmarks by name.
enum Benchmark: String, CaseIterable {
    /// Bytes of the imported corpus above its texts.
    case bulk
    /// A received batch against raw rows, by phase, with what lies on disk afterwards.
    case apply
    /// One local message against one raw row, both durable.
    case commit
    /// A store with the corpus: opened, room list and newest page; search.
    case open
    /// Deliveries of a relay to a hundred subscribers, stored before they are forwarded.
    case fanout
    /// What an idle connection costs a relay.
    case idle
    /// A large room up to a relay and down to a new device.
    case fresh
    /// Coming back with a thousand rooms.
    case reconnect

    func run(_ options: Options, _ report: inout Report) throws {
        switch self {
        case .bulk: try BulkBenchmark.run(&report)
        case .apply: try ApplyBenchmark(options).run(&report)
        case .commit: try CommitBenchmark.run(&report)
        case .open: try OpenBenchmark.run(&report)
        case .fanout: try FanoutBenchmark.run(&report)
        case .idle: try IdleBenchmark.run(&report)
        case .fresh: try FreshBenchmark.run(&report)
        case .reconnect: try ReconnectBenchmark.run(&report)
        }
    }
}
