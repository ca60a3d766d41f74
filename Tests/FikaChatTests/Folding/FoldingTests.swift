import FikaSimulation
import FikaChat
import FikaCRDT
import FikaTestSupport
import Testing

@Suite struct FoldingTests {
    private let sent = dot(2, 5)
    private let written = OwnOp(
        dot: dot(1, 2), content: .message(MessageBody(text: "Semlor?"), reply: nil))

    @Test func `G4: the edit of an unsealed message takes its place`() {
        let edit = ChatOp.edit(MessageBody(text: "Bullar?"), of: written.dot)
        #expect(Folding.decide(edit, unsealed: [written]) == .replaceBody(of: written.dot))
    }

    @Test func `G4: an edit of a sealed message empties the unsealed edits before it`() {
        let edit = ChatOp.edit(MessageBody(text: "Bullar?"), of: sent)
        let before = OwnOp(dot: dot(1, 4), content: edit)
        let other = OwnOp(
            dot: dot(1, 3), content: .edit(MessageBody(text: "x"), of: dot(2, 6)))
        #expect(Folding.decide(edit, unsealed: [written]) == .append)
        #expect(Folding.decide(edit, unsealed: [before, other]) == .replace([before.dot]))
    }

    @Test func `G3: of a message deleted unsealed nothing leaves, and no delete`() {
        let row = written.dot
        let aimed: [ChatOp] = [
            .reaction(Reaction("👍", isOn: true), to: row), .pin(row),
            .unpin(Unpin(pins: [dot(1, 4)]), of: row),
        ]
        let others: [ChatOp] = [
            .message(MessageBody(text: "a reply"), reply: row), .pin(sent), .void,
        ]
        let ops = (aimed + others).enumerated().map { index, content in
            OwnOp(dot: dot(1, UInt64(index) + 3), content: content)
        }
        let decision = Folding.decide(.delete(row), unsealed: ops.reversed() + [written])
        #expect(decision == .void([row, dot(1, 3), dot(1, 4), dot(1, 5)]))
    }

    @Test func `O3: an unsealed poll is deleted with its votes and options`() {
        let poll = OwnOp(
            dot: dot(1, 2),
            content: .poll(PollCreation(settings: [], question: "?", options: ["a"])))
        let vote = OwnOp(
            dot: dot(1, 3), content: .vote(Vote([VoteChoice(.own(1), isOn: true)]), on: poll.dot))
        let option = OwnOp(
            dot: dot(1, 4),
            content: .optionAdd(OptionAddition(basis: .creator, text: "b"), to: poll.dot))
        let decision = Folding.decide(.delete(poll.dot), unsealed: [poll, vote, option])
        #expect(decision == .void([poll.dot, vote.dot, option.dot]))
    }

    @Test func `the delete of a sealed message empties one's unsealed edits of it`() {
        let edit = OwnOp(dot: dot(1, 3), content: .edit(MessageBody(text: "oops"), of: sent))
        let reply = OwnOp(dot: dot(1, 4), content: .message(MessageBody(text: "r"), reply: sent))
        #expect(Folding.decide(.delete(sent), unsealed: [reply]) == .append)
        #expect(Folding.decide(.delete(sent), unsealed: [edit, reply]) == .replace([edit.dot]))
    }

    @Test func `of unsealed taps on one emoji the last alone is written`() {
        func tap(_ emoji: String, _ isOn: Bool, _ target: Dot) -> ChatOp {
            .reaction(Reaction(emoji, isOn: isOn), to: target)
        }
        let first = OwnOp(dot: dot(1, 3), content: tap("👍", true, sent))
        #expect(Folding.decide(tap("👍", false, sent), unsealed: [first]) == .replace([first.dot]))
        #expect(Folding.decide(tap("🎉", false, sent), unsealed: [first]) == .append)
        #expect(Folding.decide(tap("👍", false, dot(2, 6)), unsealed: [first]) == .append)
    }

    @Test func `M8: emoji that differ in bytes alone are two`() {
        let composed = OwnOp(
            dot: dot(1, 3), content: .reaction(Reaction("é", isOn: true), to: sent))
        let new = ChatOp.reaction(Reaction("e\u{301}", isOn: true), to: sent)
        #expect(Folding.decide(new, unsealed: [composed]) == .append)
    }

    @Test func `an unpin of unsealed pins empties them and is not written`() {
        let pins = [3, 4].map { OwnOp(dot: dot(1, $0), content: .pin(sent)) }
        func unpin(_ dots: [Dot]) -> FoldDecision {
            Folding.decide(.unpin(Unpin(pins: dots), of: sent), unsealed: pins)
        }
        #expect(unpin([dot(1, 4)]) == .void([dot(1, 4)]))
        #expect(unpin([dot(1, 3), dot(1, 4)]) == .void([dot(1, 3), dot(1, 4)]))
        #expect(unpin([dot(1, 3), dot(2, 9)]) == .replace([dot(1, 3)]))
        #expect(unpin([dot(2, 9)]) == .append)
    }

    @Test func `O3: folding names unsealed ops alone`() {
        forAll(count: 500) { generator in
            let own = generator.array(count: 0...8) { generator -> OwnOp in
                let kind = generator.pick(ChatKind.allCases)
                return OwnOp(dot: generator.dot(among: 1), content: generator.chatOp(kind))
            }
            let dots = own.map(\.dot)
            let new = generator.chatOp(generator.pick(ChatKind.allCases))
            switch Folding.decide(new, unsealed: own) {
            case .append: break
            case .replaceBody(let dot): #expect(dots.contains(dot))
            case .void(let list), .replace(let list):
                #expect(!list.isEmpty)
                #expect(list == list.sorted())
                #expect(list.allSatisfy { dots.contains($0) })
            }
        }
    }
}
