import Foundation

/// Runs the benchmarks that are named, or all: see `Benchmarks/README.md`.
@main
enum Main {
    static func main() async {
        do {
            let options = try Options(CommandLine.arguments.dropFirst())
            if let child = options.child {
                try await Child.run(child, options)
                return
            }
            var report = Report(messages: options.messages)
            for benchmark in options.benchmarks {
                FileHandle.standardError.write(Data("\(benchmark.rawValue) …\n".utf8))
                try benchmark.run(options, &report)
            }
            print(options.isJSON ? try report.json() : report.table())
        } catch let error as Options.Misuse {
            FileHandle.standardError.write(Data("\(error.text)\n\(Options.usage)\n".utf8))
            exit(64)
        } catch {
            FileHandle.standardError.write(Data("failed: \(error)\n".utf8))
            exit(1)
        }
    }
}
