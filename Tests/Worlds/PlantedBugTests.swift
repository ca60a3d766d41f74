import FikaCRDT
import Testing

/// What `fika simulate --plants` plants is in no ordinary build.
struct PlantedBugTests {
    @Test func `a build that cannot plant bugs has none`() {
        guard !PlantedBug.canBePlanted else { return }
        for bug in PlantedBug.allCases { #expect(!bug.isPlanted) }
    }

    @Test(arguments: PlantedBug.allCases)
    func `a bug is planted as long as it is asked for`(bug: PlantedBug) {
        guard PlantedBug.canBePlanted else { return #expect(!bug.isPlanted) }
        PlantedBug.plant(bug) { #expect(bug.isPlanted) }
        #expect(!bug.isPlanted)
    }
}
