import FikaChat
import FikaCRDT
import FikaLog

/// Small segments that become as much as a segment may, truly sealed by a new device of a user.
enum SegmentBombs {
    static func all(in log: LogID, by user: UserID) -> [SealedSegment] {
        let text = String(repeating: "a ", count: Limits.textBytesMaximum / 2)
        let short = String(repeating: "å", count: 2000)
        return [
            bomb(Kind(50), [UInt8](repeating: 0, count: Limits.bodyBytesMaximum), log, user),
            bomb(ChatKind.message.kind, MessageBody(text: text).body, log, user),
            bomb(ChatKind.message.kind, MessageBody(text: short).body, log, user),
        ]
    }

    private static func bomb(
        _ kind: Kind, _ body: [UInt8], _ log: LogID, _ user: UserID
    ) -> SealedSegment {
        var replica = TestReplica(seed: UInt64(kind.number) + 99, log: log, user: user.text)
        var builder = SegmentBuilder(log: log)
        builder.append(replica.ops[0])
        while builder.hasRoom(forBody: body.count) {
            builder.append(replica.write(kind, body: body))
        }
        let proof = replica.proof(of: 1...replica.last, sealedAt: replica.last)
        return TestReplica.sealed(builder, cards: [], proofs: [proof])
    }
}
