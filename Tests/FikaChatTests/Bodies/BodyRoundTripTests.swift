import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire
import Testing

@Suite struct BodyRoundTripTests {
    @Test(arguments: ChatKind.allCases)
    func `a body comes back as it was written`(kind: ChatKind) throws {
        forAll(count: 60) { generator in
            let op = generator.chatOp(kind)
            let again = try ChatOp.decode(kind: op.kind, target: op.target, body: op.body)
            #expect(again == op)
            #expect(again.body == op.body)
            #expect(again.known == kind)
        }
    }

    @Test(arguments: ChatKind.allCases)
    func `a body cut anywhere is refused or means what its bytes say`(kind: ChatKind) {
        forAll(count: 20) { generator in
            let op = generator.chatOp(kind)
            for count in 0..<op.body.count {
                expectCanonical(kind.kind, op.target, Array(op.body[..<count]))
            }
        }
    }

    @Test func `20,000 damaged bodies are refused or encode to the very same bytes`() {
        var accepted = 0
        forAll(seed: 7, count: 20_000) { generator in
            let op = generator.chatOp(generator.pick(ChatKind.allCases))
            if expectCanonical(op.kind, op.target, generator.damaged(op.body)) { accepted += 1 }
        }
        #expect(accepted > 500, "the damages reach past the first check")
    }

    @Test func `O1: an op of an unknown kind keeps its bytes and says if it is critical`() throws {
        for (number, flags) in [(7, []), (63, []), (0x4000, .critical), (0x7FFF, .critical)]
            as [(UInt16, KindFlags)]
        {
            let op = try ChatOp.decode(kind: Kind(number), target: dot(1, 2), body: [1, 2, 3])
            #expect(op == .unsupported(Kind(number), target: dot(1, 2), body: [1, 2, 3]))
            #expect(op.known == nil)
            #expect(op.body == [1, 2, 3])
            #expect(KindFlags(of: op.kind) == flags)
        }
        #expect(KindFlags(of: Kind(0x8000)) == [])
    }

    @Test func `no kind that is known has a critical number without the flag`() {
        for kind in ChatKind.allCases {
            #expect(
                KindFlags.criticalNumbers.contains(kind.rawValue)
                    == kind.flags.contains(.critical))
        }
    }

    @Test(arguments: ChatKind.allCases)
    func `a target that is too much or missing is malformed`(kind: ChatKind) {
        var generator = SplitMix64(seed: 5)
        let body = generator.chatOp(kind).body
        let without = decodes(kind.kind, nil, body)
        let with = decodes(kind.kind, dot(1, 1), body)
        switch kind.targetRule {
        case .forbidden: #expect(without && !with)
        case .required: #expect(!without && with)
        case .allowed: #expect(without && with)
        }
    }

    private func decodes(_ kind: Kind, _ target: Dot?, _ body: [UInt8]) -> Bool {
        do throws(WireError) {
            _ = try ChatOp.decode(kind: kind, target: target, body: body)
            return true
        } catch {
            return false
        }
    }

    @discardableResult
    private func expectCanonical(_ kind: Kind, _ target: Dot?, _ body: [UInt8]) -> Bool {
        do throws(WireError) {
            let op = try ChatOp.decode(kind: kind, target: target, body: body)
            #expect(op.body == body)
            return true
        } catch {
            return false
        }
    }
}
