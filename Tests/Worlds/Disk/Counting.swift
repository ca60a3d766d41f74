import FikaSimulation
import FoundationEssentials

/// How finely the operations of a disk are gone through.
enum Counting {
    /// How many operations lie between two that fail.
    static var stride: Int {
        let text = ProcessInfo.processInfo.environment["FIKA_COUNTING"]
        return max(1, text.flatMap { Int($0) } ?? 29)
    }

    /// Each kind of loss in its turn.
    static func loss(_ count: Int) -> PowerLoss {
        PowerLoss.allCases[count / stride % PowerLoss.allCases.count]
    }

    /// Lives through a life once for each operation of its disk at which a fault may strike.
    static func failEach<Life: CountedLife>(
        _ fault: DiskFault, _ begin: (WorldFolder, _ name: String, _ seed: UInt64) throws -> Life
    ) throws {
        let folder = try WorldFolder()
        let total = try begin(folder, "undisturbed", 0).live()
        for count in Swift.stride(from: 0, to: total + 3, by: stride) {
            for loss in fault == .crash ? [nil, Self.loss(count)] : [nil] {
                let life = try begin(folder, "\(count)-\(loss?.rawValue ?? "none")", UInt64(count))
                life.disk.arm(fault, after: count, losing: loss)
                _ = try? life.live()
                try life.restart(losing: fault == .failedSync ? .forgets : nil)
                try life.expectKept("\(fault) after \(count), \(loss?.rawValue ?? "no loss")")
            }
        }
    }
}
