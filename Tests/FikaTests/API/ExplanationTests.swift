import Fika
import FikaTestSupport
import Foundation
import Testing

struct ExplanationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func workspace() async throws -> Workspace {
        try await Workspace.create(
            at: URL(fileURLWithPath: folder.path("emma")), user: "emma")
    }

    private func verdicts(_ explanation: Explanation) -> [String] {
        explanation.steps.map { "\($0.op.kind) \($0.verdict.rawValue) \($0.rule)" }
    }

    /// Seals what is unsealed, so that edits are ops of their own.
    private func seal(_ fika: Workspace) async throws {
        try await fika.perform(.export(path: folder.path("sealed"), rooms: []))
    }

    @Test func `M5: the latest edit wins and the earlier one lost`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        let sent = try await room.send("ett")
        try await seal(fika)
        try await room.edit(sent.id, "två")
        try await seal(fika)
        try await room.edit(sent.id, "tre")
        let why = try await fika.inspection.why(.message(sent.id))
        #expect(why.result == "emma says “tre”")
        #expect(verdicts(why) == ["message made M4", "edit lost M5", "edit won M5"])
        try await fika.close()
    }

    @Test func `M6: a delete beats everything`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        let sent = try await room.send("ett")
        try await room.setReaction("👍", on: true, for: sent.id)
        try await room.pin(sent.id)
        try await seal(fika)
        try await room.delete(sent.id)
        let why = try await fika.inspection.why(.message(sent.id))
        #expect(why.result == "it is deleted")
        #expect(
            verdicts(why) == [
                "message made M4", "reaction lost M8", "pin lost M9", "delete won M6",
            ])
        try await fika.close()
    }

    @Test func `M11: the latest name wins`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        try await room.rename("Hallen")
        try await seal(fika)
        try await room.rename("Salongen")
        let why = try await fika.inspection.why(.name(room.id))
        #expect(why.result == "the room is named “Salongen”")
        #expect(verdicts(why) == ["create lost M11", "name lost M11", "name won M11"])
        try await fika.close()
    }

    @Test func `M16: of single answers the latest counts`() async throws {
        let fika = try await workspace()
        let room = try await fika.createRoom("Köket")
        let poll = try await room.createPoll(.init(question: "?", options: ["a", "b"]))
        try await room.vote([1], in: poll.id)
        try await room.vote([2], in: poll.id)
        let why = try await fika.inspection.why(.vote(poll.id, user: "emma"))
        #expect(why.result == "emma's vote counts for 2 “b” (a single answer, the latest)")
        #expect(verdicts(why) == ["vote lost M16", "vote won M16"])
        let nobody = try await fika.inspection.why(.vote(poll.id, user: "omid"))
        #expect(nobody.steps.isEmpty && nobody.result == "no vote of omid counts")
        try await fika.close()
    }
}
