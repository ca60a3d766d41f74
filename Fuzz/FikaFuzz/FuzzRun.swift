import FikaTestSupport
import Foundation
import Synchronization

/// One input after the other, each measured.
enum FuzzRun {
    private static let bench = Mutex<(any FuzzBench)?>(nil)

    /// Processor time that an input may take: waiting for a busy machine is nobody's fault.
    private static let nanosecondsMaximum = 1_000_000_000

    static func begin(_ target: FuzzTarget) throws {
        Memory.watch()
        try bench.withLock { $0 = try target.makeBench() }
    }

    /// Hands over to libFuzzer, with this program's arguments; returns its exit code.
    static func drive() -> Int32 {
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            CommandLine.unsafeArgv
        return runDriver(&count, &arguments) { bytes, count in
            let input = Array(UnsafeBufferPointer(start: bytes, count: count))
            FuzzRun.bench.withLock { bench in
                if let bench { FuzzRun.take(input, bench) }
            }
            return 0
        }
    }

    private static func take(_ bytes: [UInt8], _ bench: any FuzzBench) {
        Memory.start()
        let start = processorNanoseconds()
        do {
            try bench.run(bytes)
        } catch {
            finding("\(error)")
        }
        let taken = processorNanoseconds() - start
        let peak = Memory.peak
        if taken > nanosecondsMaximum { finding("it took \(taken / 1_000_000) ms") }
        let allowed = bench.bytesAllowed(bytes)
        if peak > allowed {
            finding("it took \(peak) bytes of memory, of \(allowed) for \(bytes.count)")
        }
    }

    /// libFuzzer keeps the input of an aborted run.
    private static func finding(_ text: String) -> Never {
        Complaint.say("FINDING: \(text)")
        abort()
    }

    private static func processorNanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

@_extern(c, "LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32
