import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire
import Testing

/// What the bodies are, byte by byte, and what they must not be.
@Suite struct BodyBytesTests {
    @Test func `a message without mentions is its text alone`() {
        #expect(MessageBody(text: "hi").body == [2, 0x68, 0x69])
        let both = MessageBody(text: "hi", mentions: [user("bo"), user("ann"), user("bo")])
        #expect(both.body == [2, 0x68, 0x69, 2, 3, 0x61, 0x6E, 0x6E, 2, 0x62, 0x6F])
    }

    @Test func `an imported line's head holds the author's length, the type and the ordinal`() {
        let plain = ImportedMessage(type: .message, author: "bo", text: "x")
        #expect(plain.body == [16, 0x62, 0x6F, 0x78])
        let second = ImportedMessage(type: .action, author: "bo", ordinal: 2, text: "x")
        #expect(second.body == [16 + 2 + 1, 0x62, 0x6F, 2, 0x78])
    }

    @Test func `a read mark counts gaps from the last number read`() {
        let seqs = IntervalSet([1...3, 6...6])
        let body = ReadMarkBody(
            log: LogID(high: 0, low: 0),
            marks: [ReplicaMarks(replica: ReplicaID(high: 0, low: 1), seqs: seqs)])
        #expect(
            body.body == [UInt8](repeating: 0, count: 16) + [1]
                + [UInt8](repeating: 0, count: 15) + [1] + [2, 1, 2, 3, 0])
    }

    @Test func `every other form of the same meaning is refused`() {
        let dotBytes = replicaNumbered(1).bytes + [1]
        let logBytes = [UInt8](repeating: 0, count: 16)
        let cases: [(ChatKind, [UInt8])] = [
            (.message, [2, 0x68, 0x69, 0]),  // no mentions, said
            (.message, [0x82, 0, 0x68, 0x69]),  // a count not in its shortest form
            (.message, [0, 2, 1, 0x62, 1, 0x61]),  // mentions that fall
            (.message, [0, 2, 1, 0x61, 1, 0x61]),  // a mention twice
            (.message, [1, 0xFF]),  // no UTF-8
            (.reaction, [2, 0x78]), (.reaction, [1]), (.reaction, []),
            (.unpin, [0]), (.unpin, [2] + dotBytes + dotBytes),
            (.poll, [8, 0, 0]), (.poll, [0, 0, 1]),
            (.pollSetting, [0, 3, 1]), (.pollSetting, [0, 1, 2]), (.pollSetting, [3, 1, 1]),
            (.vote, [0]), (.vote, [2, 1, 1, 1, 1]), (.vote, [2, 2, 1, 1, 1]),
            (.readMark, logBytes + [0]),
            (.readMark, logBytes + [1] + logBytes + [0]),
            (.readMark, logBytes + [1] + logBytes + [1, 0, 0]),  // seq 0
            (.readMark, logBytes + [1] + logBytes + [2, 1, 0, 1, 0]),  // they touch
            (.readMark, logBytes + [2] + logBytes + [1, 1, 0] + logBytes + [1, 1, 0]),
            (.flag, logBytes + [0, 1]), (.flag, logBytes + [4, 1]), (.flag, logBytes + [1, 2]),
            (.imported, [1, 0]),  // an ordinal of 0
            (.imported, [8 + 6, 0x61]),  // an event with an author
            (.grant, [1, 0x61, 0]), (.grant, [1, 0x61, 3]), (.grant, [0, 1]),
            (.grant, [1, 0x61, 1, 0]),
            (.create, [2] + [UInt8](repeating: 0, count: 34)),
            (.close, [UInt8](repeating: 0, count: 49) + [9]),
            (.close, [UInt8](repeating: 0, count: 49) + [0]),
            (.delete, [0]), (.pin, [0]), (.leave, [0]), (.void, [0]),
        ]
        for (kind, body) in cases {
            let target = kind.targetRule == .required ? dot(2, 1) : nil
            #expect(throws: WireError.self, "\(kind) \(body)") {
                try ChatOp.decode(kind: kind.kind, target: target, body: body)
            }
        }
    }
}
