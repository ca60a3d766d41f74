import FikaChat
import FikaCRDT
import FikaLog

/// Bodies of ops: two bytes of kind, one that says whether there is a target, the body.
struct OpFuzz: FuzzBench {
    func seeds() throws -> [[UInt8]] {
        let file = try VectorFile(contentsOf: Fixtures.path("vectors/bodies.txt"))
        var seeds: [[UInt8]] = []
        for section in file.sections {
            guard let number = section.name.split(separator: " ").first.flatMap({ UInt16($0) })
            else { continue }
            for body in section.values("body").compactMap({ Hexadecimal.bytes($0) }) {
                let isAimed = ChatKind(Kind(number))?.targetRule == .required
                seeds.append(
                    [UInt8(number >> 8), UInt8(number & 0xFF), isAimed ? 1 : 0] + body)
            }
        }
        return seeds
    }

    func run(_ bytes: [UInt8]) throws {
        guard bytes.count >= 3 else { return }
        let kind = Kind(UInt16(bytes[0]) << 8 | UInt16(bytes[1]))
        let body = Array(bytes[3...])
        let target = bytes[2] & 1 == 1 ? Dot(replica: ReplicaID(high: 1, low: 2), seq: 3) : nil
        guard let op = try? ChatOp.decode(kind: kind, target: target, body: body) else { return }
        try FuzzFinding.require(op.body == body, "kind \(kind.number) has two forms")
        try FuzzFinding.require(op.kind == kind && op.target == target, "it decodes as another")
    }
}
