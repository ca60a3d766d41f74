import Foundation
import Glibc

/// A server in a process of its own, so that its processor time and its memory are its own.
///
/// The child prints its port as its first line and ends when its input does.
final class ServerProcess {
    let port: Int
    private let process = Process()
    private let input = Pipe()

    init(_ name: String, _ arguments: [String] = []) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: try Child.ownPath())
        process.arguments = ["--child", name] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let byte = output.fileHandleForReading.readData(ofLength: 1)
            guard !byte.isEmpty else { throw Child.Failure(text: "\(name) did not start") }
            line.append(byte)
        }
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        guard let port = Int(text) else { throw Child.Failure(text: text) }
        self.port = port
    }

    /// Ends it and waits until it is gone.
    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Seconds of processor time that it has taken so far, the kernel's included.
    var processorSeconds: Double {
        var clock = clockid_t()
        guard clock_getcpuclockid(process.processIdentifier, &clock) == 0 else { return 0 }
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Bytes of memory that it holds.
    var residentBytes: Int { (memory("VmRSS:") ?? 0) * 1024 }

    /// The most that it ever held, in MiB.
    var peakMemory: Double { Double(memory("VmHWM:") ?? 0) / 1024 }

    private func memory(_ key: String) -> Int? {
        let path = "/proc/\(process.processIdentifier)/status"
        let status = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(key) }
        return line?.split { !$0.isNumber }.first.flatMap { Int($0) }
    }

    /// What the child does after it has listened: tells its port, and stays until its input ends.
    static func serve(port: Int) {
        FileHandle.standardOutput.write(Data("\(port)\n".utf8))
        _ = try? FileHandle.standardInput.readToEnd()
    }
}
