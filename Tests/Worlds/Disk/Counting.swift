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
}
