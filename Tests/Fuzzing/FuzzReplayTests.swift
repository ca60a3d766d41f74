import FikaCRDT
import FikaSimulation
import FikaTestSupport
import Foundation
import Testing

/// What `make fuzz` begins with, and what it once found, on the same ways in.
@Suite struct FuzzReplayTests {
    @Test(arguments: FuzzTarget.allCases)
    func `hostile bytes: what the fuzzer begins with breaks no promise`(target: FuzzTarget) throws {
        let bench = try target.makeBench()
        let seeds = try bench.seeds()
        #expect(seeds.count > 5)
        for number in stride(from: 0, to: seeds.count, by: max(1, seeds.count / 40)) {
            #expect(throws: Never.self, "seed \(number)") { try bench.run(seeds[number]) }
        }
    }

    /// FIKA_FUZZ_ROUNDS asks for more.
    private static let rounds =
        ProcessInfo.processInfo.environment["FIKA_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 40

    @Test(arguments: FuzzTarget.allCases)
    func `hostile bytes: seeded damages break no promise`(target: FuzzTarget) throws {
        let bench = try target.makeBench()
        let seeds = try bench.seeds()
        forAll(count: Self.rounds) { generator in
            let bytes = generator.damaged(generator.pick(seeds))
            #expect(throws: Never.self, "\(Hexadecimal.text(bytes.prefix(2000)))") {
                try bench.run(bytes)
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func `hostile bytes: what the fuzzer found stays mended`(target: FuzzTarget) throws {
        let bench = try target.makeBench()
        for path in try Self.findings(of: target) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            #expect(throws: Never.self, "\(path)") { try bench.run(Array(bytes)) }
        }
    }

    /// A target without findings has no folder.
    private static func findings(of target: FuzzTarget) throws -> [String] {
        let folder = Fixtures.path("fuzz/\(target.rawValue)")
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .map { folder + "/" + $0 }
    }
}
