import FikaSimulation
import FikaCRDT
import FikaChat
package import Fika
package import FikaLog

/// Imported lines as the sealed segments that an import makes of them, with what they cost.
package struct ImportedSegments {
    package private(set) var cost = SegmentCost()
    /// Bytes of the introduction and of the op that names the source, before compression.
    package private(set) var introductionBytes = 0
    package private(set) var segments: [SealedSegment] = []

    /// Seals the entries as one import run of one device.
    ///
    /// - Parameters:
    ///   - entries: By time.
    ///   - keepsSegments: Whether the segments themselves are wanted too.
    package init(_ entries: [ImportedEntry], keepsSegments: Bool = false) {
        var generator = SplitMix64(seed: 7)
        let author = LoadAuthor(number: 0, using: &generator)
        let log = Hashes.roomLogID(
            creator: author.key.publicKey, nonce: [UInt8](repeating: 1, count: 16))
        let run = ImportRun(source: "irc", channel: "#ubuntu")
        func op(_ kind: ChatKind, _ seq: Int, _ time: HybridTime, _ body: [UInt8]) -> Op {
            let salt = kind.flags.contains(.salted) ? Salt(using: &generator) : nil
            return Op(
                kind: kind.kind,
                id: OpID(log: log, replica: author.replica, seq: UInt64(seq)), time: time,
                content: .body(body, salt: salt))
        }
        let start = entries.first?.time ?? .zero
        var ops = [
            op(.introduction, 1, start, author.introduction.body),
            op(.importRun, 2, start, run.body),
        ]
        introductionBytes = author.introduction.body.count + run.body.count
        var chain = Hashes.chainStart(log: log, replica: author.replica)
        var next = 0
        while next < entries.count {
            let part = entries[next...].prefix(Limits.segmentOpsMaximum - ops.count)
            for (index, entry) in part.enumerated() {
                ops.append(op(.imported, next + index + 3, entry.time, entry.message.body))
            }
            for sealed in Sealer.seal(ops, after: chain, key: author.key) {
                cost.add(sealed, texts: part.map(\.message.text))
                if keepsSegments { segments.append(sealed) }
            }
            for op in ops { chain = Hashes.chain(after: chain, opHash: op.hash) }
            ops = []
            next += part.count
        }
    }
}
