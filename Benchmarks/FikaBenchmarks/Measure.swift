import Foundation
import Glibc

/// Clocks, and what the kernel says of this process.
enum Measure {
    /// Seconds that the body takes.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let duration = try ContinuousClock().measure(body)
        return Double(duration.components.seconds)
            + Double(duration.components.attoseconds) / 1e18
    }

    /// Seconds of processor time that the body takes, on all cores, the kernel's included.
    ///
    /// Unlike ``seconds(_:)`` it says little of what else the machine does meanwhile.
    static func processorSeconds(_ body: () throws -> Void) rethrows -> Double {
        let start = processorSeconds()
        try body()
        return processorSeconds() - start
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The time of day.
    static func milliseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }

    /// What the body gives, and the processor seconds that it takes.
    static func value<Value>(_ body: () throws -> Value) rethrows -> (Value, Double) {
        var value: Value?
        let time = try processorSeconds { value = try body() }
        guard let value else { preconditionFailure("the body ran") }
        return (value, time)
    }

    /// The middle of several values.
    static func median(_ values: [Double]) -> Double {
        percentile(50, values)
    }

    static func percentile(_ percent: Int, _ values: [Double]) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * percent / 100)]
    }

    /// The most memory that this process has ever held, in MiB.
    static func peakMemory() -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let kilobytes = line?.split { !$0.isNumber }.first.flatMap { Double($0) } ?? 0
        return kilobytes / 1024
    }
}

extension Array {
    /// The elements in groups of so many; the last may have fewer.
    func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
