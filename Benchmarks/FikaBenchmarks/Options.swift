/// What is to be run, from the command line.
struct Options {
    var benchmarks: [Benchmark] = []
    var messages = 100_000
    var isJSON = false
    /// Set in the processes that the program starts to be measured from outside.
    var child: String?
    /// What follows a child's name.
    var arguments: [String] = []

    /// A command line that says nothing sensible.
    struct Misuse: Error {
        let text: String
    }

    static let usage = """
        usage: FikaBenchmarks [bulk] [apply] [commit] [open] [fanout] [idle] [fresh] [reconnect]
            [--messages N | --full] [--json]
        All benchmarks run when none is named; --full means a million messages.
        """

    init(_ arguments: some Sequence<String>) throws {
        var rest = Array(arguments)[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--json": isJSON = true
            case "--full": messages = 1_000_000
            case "--messages":
                guard let text = rest.popFirst(), let count = Int(text), count > 0 else {
                    throw Misuse(text: "--messages wants a number")
                }
                messages = count
            case "--child":
                child = rest.popFirst()
                self.arguments = Array(rest)
                rest = []
            default:
                guard let benchmark = Benchmark(rawValue: argument) else {
                    throw Misuse(text: "there is no benchmark \(argument)")
                }
                benchmarks.append(benchmark)
            }
        }
        if benchmarks.isEmpty { benchmarks = Benchmark.allCases }
    }
}
