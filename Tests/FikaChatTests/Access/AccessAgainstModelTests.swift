import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// Random histories against the reference model, which folds from the start for each question.
@Suite struct AccessAgainstModelTests {
    @Test func `F1 to F10: the fold gives what the reference model gives`() {
        forAll(seed: 11, count: 400) { generator in
            let history = AccessHistoryCase(&generator)
            let model = ReferenceModel.result(of: history.input)
            var fold = history.fold.history(of: [])
            for op in history.accessOps.shuffled(using: &generator) { fold.insert(op) }
            #expect(fold.members == model.state.members)
            #expect(fold.kind == model.state.kind)
            for op in history.accessOps {
                let outcome = try #require(model.outcomes[op.dot])
                #expect(Self.outcome(fold.verdict(of: op.dot)) == outcome, "\(op.content)")
            }
            for held in history.input.ops where held.op.kind == ChatKind.message.kind {
                guard let writer = history.writer(of: held.op.id.dot),
                    let author = writer.introduction.user
                else { continue }
                let point =
                    held.position.map { AccessPoint.accepted($0) } ?? .pending(held.op.stamp)
                let refusal = fold.refusal(of: .message, held.op.id.dot, by: author, at: point)
                let outcome = try #require(model.outcomes[held.op.id.dot])
                #expect((refusal == nil) == (outcome == .counts))
                #expect((refusal == .beyondClose) == (outcome == .setAside))
            }
        }
    }

    private static func outcome(_ verdict: AccessVerdict?) -> ModelOutcome? {
        switch verdict {
        case .counted, .withoutEffect: .counts
        case .ignored(.beyondClose): .setAside
        case .ignored: .ignored
        case .waiting: .waiting
        case nil: nil
        }
    }
}
