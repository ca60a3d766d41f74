import FikaSimulation
import FikaTestSupport
import Testing

/// The checks themselves are checked: what is planted around the real parts is found.
struct WorldPlantTests {
    @Test(arguments: WorldPlant.allCases)
    func `a planted fault is found`(plant: WorldPlant) throws {
        for seed in Seeds(plant.firstSeed, count: 200) where try isFound(plant, seed: seed) {
            return
        }
        Issue.record("200 worlds with \(plant) seem healthy")
    }

    /// Whether a world is ill with it, and healthy without.
    private func isFound(_ plant: WorldPlant, seed: UInt64) throws -> Bool {
        for (plant, isHealthy) in [(plant, false), (nil, true)] {
            let world = try World(WorldPlan(seed: seed), plant: plant)
            world.run()
            if WorldInvariants.findings(in: world).isEmpty != isHealthy { return false }
        }
        return true
    }
}

extension WorldPlant {
    /// Some faults show in few worlds: the search starts a little before one of them.
    fileprivate var firstSeed: UInt64 {
        switch self {
        case .keepsCursorAlone: 90
        case .forwardsBeforeCommit, .givesPositionTwice, .losesPlaced, .returnsBeforeCommit: 1
        }
    }
}
