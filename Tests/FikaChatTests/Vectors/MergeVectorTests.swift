import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// The vectors of the merge: whole logs, and what they come to by `Specs/data-model.md`,
/// `Specs/access.md` and `Specs/digest.md`.
///
/// A section is a golden scenario. `segment` and `personal` are sealed segments of the log and of
/// the viewer's personal log; `accepted` gives an op's position. `digest`, `unread`, `mentions` and
/// `late` say what comes of it; ops that it lists are those of the log that hold a row's id.
@Suite struct MergeVectorTests {
    @Test func `logs come to what the vectors say`() throws {
        var file = VectorFile(title: "Merges: Specs/data-model.md, access.md and digest.md")
        for scenario in GoldenScenarios.all(seed: 1) {
            let history = scenario.history
            let result = ReferenceModel.result(of: history.input)
            file.add(scenario.name) { section in
                section.add("viewer", history.viewer)
                for relay in history.trustedRelays.map(\.bytes).map(Hexadecimal.text).sorted() {
                    section.add("relay", relay)
                }
                for segment in history.segments(of: history.ops) {
                    section.add("segment", Hexadecimal.text(segment.bytes))
                }
                for segment in history.segments(of: history.personal) {
                    section.add("personal", Hexadecimal.text(segment.bytes))
                }
                for held in history.ops {
                    guard let position = held.position else { continue }
                    section.add("accepted", "\(held.op.id.dot) \(position)")
                }
                section.add("rows", result.state.rows.count)
                section.add("digest", StateDigest.digest(of: result.state))
                for dot in result.unread { section.add("unread", dot) }
                for dot in result.mentions { section.add("mentions", dot) }
                for dot in result.lateAbove { section.add("late", dot) }
            }
        }
        try file.expectRecorded(as: "merges.txt")
    }
}
