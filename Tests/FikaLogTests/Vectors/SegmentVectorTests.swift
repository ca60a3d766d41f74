import FikaSimulation
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire
import Testing

/// The vectors of segments: `Specs/segment.md` and `Specs/chain.md` say how to read them.
///
/// A section has `block` (ops alone) or `sealed` (with proofs), and what comes of it: `error`, or
/// `row` for each op and, of a sealed one, `run` for each run.
@Suite struct SegmentVectorTests {
    @Test func `segments give the rows, runs and errors of the vectors`() throws {
        var file = VectorFile(title: "Segments: Specs/segment.md and Specs/chain.md")
        for (name, bytes) in SegmentVectors.blocks {
            file.add(name) {
                $0.add("block", Hexadecimal.text(bytes))
                Self.readBlock(bytes, into: &$0)
            }
        }
        for (name, bytes) in SegmentVectors.sealed {
            file.add(name) {
                $0.add("sealed", Hexadecimal.text(bytes))
                Self.readSealed(bytes, into: &$0)
            }
        }
        try file.expectRecorded(as: "segments.txt")
    }

    @Test func `what the vectors call malformed is refused, the rest is taken`() throws {
        let file = try VectorFile(contentsOf: Fixtures.path("vectors/segments.txt"))
        for section in file.sections {
            let isBad = section.name.hasPrefix("bad: ")
            #expect(section.values("error").isEmpty != isBad, "\(section.name)")
            #expect(section.values("row").isEmpty == isBad, "\(section.name)")
        }
    }

    private static func readBlock(_ bytes: [UInt8], into section: inout VectorFile.Section) {
        do {
            add(try Segment(block: bytes), to: &section)
        } catch {
            section.add("error", text(error))
        }
    }

    private static func readSealed(_ bytes: [UInt8], into section: inout VectorFile.Section) {
        do {
            let verified = try SealedSegment(bytes: bytes).verified()
            add(verified.segment, to: &section)
            for run in verified.runs {
                section.add(
                    "run", "\(run.replica) \(run.first) \(run.last) \(run.before) \(run.end)")
            }
        } catch {
            section.add("error", text(error))
        }
    }

    private static func add(_ segment: Segment, to section: inout VectorFile.Section) {
        for row in segment.rows {
            let op = segment.op(row)
            let target = op.target?.description ?? "-"
            let origin = op.origin.map { "\($0.dot)/\($0.bodyHash)" } ?? "-"
            let content =
                switch op.content {
                case .body(let body, nil): "body:" + Hexadecimal.text(body)
                case .body(let body, let salt?): "salted:\(salt.raw):" + Hexadecimal.text(body)
                case .erased(let hash, let residue): "erased:\(hash):" + Hexadecimal.text(residue)
                }
            section.add(
                "row",
                "\(op.kind.number) \(op.id.dot) \(op.time.raw) \(target) \(origin) \(content) "
                    + "\(op.hash)")
        }
    }

    private static func text(_ error: LogError) -> String {
        switch error {
        case .malformed(let error): "malformed \(error)"
        case .unsupportedVersion(let version): "unsupportedVersion \(version)"
        case .inconsistent(let reason): "inconsistent \(reason)"
        case .unproven(let replica, let reason): "unproven \(replica) \(reason)"
        case .badSeal(let replica, let seq): "badSeal \(replica):\(seq)"
        case .missingSeal(let replica, let seq): "missingSeal \(replica):\(seq)"
        case .fork(let replica, let seq): "fork \(replica):\(seq)"
        case .notErasable(let id): "notErasable \(id)"
        case .notHeld(let id): "notHeld \(id)"
        }
    }
}
