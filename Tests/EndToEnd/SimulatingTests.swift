import FikaTestSupport
import Foundation
import Testing

/// `fika simulate`, as a person runs it.
struct SimulatingTests {
    /// Each process hashes with a seed of its own, so that nothing that goes by the order of a set
    /// or a dictionary does the same twice.
    @Test func `a seed does the same in every process`() throws {
        let fika = try Program()
        for worlds in [["--seeds", "4"], ["--long", "--seeds", "1"]] {
            let traces = try (0..<2).map { _ in
                let result = try fika.run(["simulate"] + worlds)
                #expect(result.status == 0)
                return result.answer.split(separator: "\n").first { $0.hasPrefix("Trace ") }
            }
            #expect(traces[0] != nil)
            #expect(traces[0] == traces[1])
        }
    }
}
