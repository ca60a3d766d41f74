import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog
import FikaTestSupport
import Testing

/// The golden scenarios hold in the model, so that they may judge the views.
@Suite struct ReferenceScenarioTests {
    @Test func `the golden scenarios of content hold in the model`() {
        for seed in UInt64(1)...20 {
            for scenario in GoldenScenarios.all(seed: seed) {
                let result = ReferenceModel.result(of: scenario.history.input)
                let mismatches = scenario.expected.mismatches(in: result)
                #expect(mismatches == [], "\(scenario.name), seed \(seed)")
            }
        }
    }

    @Test func `G12: the badge never rises while marks of two devices arrive`() {
        for scenario in GoldenScenarios.twoRoomsReadOnTwoDevices(seed: 1) {
            var input = scenario.history.input
            let marks = input.personal
            var last = Int.max
            for count in 0...marks.count {
                input.personal = Array(marks.prefix(count))
                let unread = ReferenceModel.result(of: input).unread.count
                #expect(unread <= last)
                last = unread
            }
            #expect(last == 0)
        }
    }

    @Test func `G14: no byte of the removed post is left once the delete is accepted`() {
        let scenario = GoldenScenarios.addedLate(seed: 1)
        var input = scenario.history.input
        input.ops = ReferenceModel.erased(input)
        #expect(input.ops.filter { $0.op.body == nil }.count == 2)
        for held in input.ops {
            let text = String(decoding: held.op.body ?? [], as: UTF8.self)
            #expect(!text.contains("Bort"))
        }
        let result = ReferenceModel.result(of: input)
        #expect(scenario.expected.mismatches(in: result) == [])
    }
}
