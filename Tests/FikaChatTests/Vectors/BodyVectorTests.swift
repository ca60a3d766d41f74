import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

/// The vectors of bodies: of each kind those that the golden scenarios and some random histories
/// hold, as `Specs/kinds.md` lays them out.
///
/// A section is a kind; `body` is one as it is hashed.
@Suite struct BodyVectorTests {
    /// So many bodies of a kind tell its form.
    private static let bodiesOfKind = 6

    @Test func `bodies of all kinds are those of the vectors`() throws {
        var bodies: [ChatKind: [[UInt8]]] = [:]
        let ops = (1...12 as ClosedRange<UInt64>).flatMap { seed in
            let history = HistoryGenerator.history(seed: seed, isVerifiable: true)
            return history.ops + history.personal
        }
        for op in ops.map(\.op) {
            guard let kind = ChatKind(op.kind), let body = op.body,
                (try? ChatOp.decode(op)) != nil,
                bodies[kind, default: []].count < Self.bodiesOfKind,
                bodies[kind]?.contains(body) != true
            else { continue }
            bodies[kind, default: []].append(body)
        }
        var file = VectorFile(title: "Bodies: Specs/kinds.md")
        for kind in ChatKind.allCases {
            file.add("\(kind.rawValue) \(kind)") { section in
                for body in bodies[kind] ?? [] { section.add("body", Hexadecimal.text(body)) }
            }
        }
        try file.expectRecorded(as: "bodies.txt")
        let missing = ChatKind.allCases.filter { bodies[$0] == nil && $0 != .void }
        #expect(missing == [])
    }

    @Test func `the bodies of the vectors decode as their kind`() throws {
        let file = try VectorFile(contentsOf: Fixtures.path("vectors/bodies.txt"))
        let target = Dot(replica: replicaNumbered(1), seq: 1)
        for section in file.sections {
            let number = try #require(
                section.name.split(separator: " ").first.flatMap { UInt16($0) })
            let kind = try #require(ChatKind(rawValue: number))
            for text in section.values("body") {
                let bytes = try #require(Hexadecimal.bytes(text))
                let decoded = try ChatOp.decode(
                    kind: kind.kind, target: kind.targetRule == .required ? target : nil,
                    body: bytes)
                #expect(decoded.known == kind)
            }
        }
    }
}
