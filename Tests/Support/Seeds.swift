import FikaSimulation
import FoundationEssentials
package import Testing

/// The seeds of a generated test, and how to run one of them again.
package struct Seeds: Sequence {
    private let first: UInt64
    private let count: Int

    /// `FIKA_SEED`, where set, replaces all seeds by that one.
    package init(_ first: UInt64, count: Int) {
        if let text = ProcessInfo.processInfo.environment["FIKA_SEED"] {
            guard let seed = UInt64(text) else { preconditionFailure("FIKA_SEED is no number") }
            self.first = seed
            self.count = 1
        } else {
            self.first = first
            self.count = count
        }
    }

    package func makeIterator() -> some IteratorProtocol<UInt64> {
        let first = first
        return (0..<count).lazy.map { first &+ UInt64($0) }.makeIterator()
    }

    /// What to type to run the case of this seed alone, in the current test.
    package static func replay(_ seed: UInt64) -> Comment {
        let name = Test.current?.name.prefix { $0 != "(" }.filter { $0 != "`" } ?? "NAME"
        return "seed \(seed); replay: FIKA_SEED=\(seed) swift test --filter '\(name)'"
    }
}
