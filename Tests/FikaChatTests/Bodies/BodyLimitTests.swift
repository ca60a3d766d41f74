import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import FikaWire
import Testing

/// Each limit at its value and one above.
@Suite struct BodyLimitTests {
    private let target = dot(2, 1)
    private let nobody = LogID(high: 0, low: 0)

    @Test func `names and abouts`() {
        expect(upTo: 256) { .name(RoomText(text($0))) }
        expect(upTo: 2048) { .about(RoomText(text($0))) }
        expect(upTo: 256) { .create(creation(name: $0, about: 0)) }
        expect(upTo: 2048) { .create(creation(name: 0, about: $0)) }
        expect(upTo: 256) { .importRun(ImportRun(source: text($0), channel: "")) }
        expect(upTo: 256) { .importRun(ImportRun(source: "", channel: text($0))) }
        expect(upTo: 256) { .imported(ImportedMessage(type: .notice, author: text($0), text: "")) }
    }

    @Test func `long texts`() {
        expect(upTo: 32768) { .message(MessageBody(text: text($0)), reply: nil) }
        expect(upTo: 32768) { .edit(MessageBody(text: text($0)), of: target) }
        expect(upTo: 32768) { .poll(poll(question: $0, options: [])) }
        expect(upTo: 32768) { .poll(poll(question: 0, options: [text($0)])) }
        expect(upTo: 32768) {
            .pollQuestion(PollQuestion(basis: .poll, text: text($0)), of: target)
        }
        expect(upTo: 32768) {
            .optionAdd(OptionAddition(basis: .poll, text: text($0)), to: target)
        }
        expect(upTo: 32768) {
            .optionText(OptionText(basis: .poll, option: .own(1), text: text($0)), of: target)
        }
        expect(upTo: 32768) {
            .imported(ImportedMessage(type: .event, author: "", text: text($0)))
        }
    }

    @Test func `a whole body`() {
        // 8 bytes beside the texts: settings, two counts of three bytes, the count of options.
        expect(upTo: 65536 - 32768 - 8) { .poll(poll(question: 32768, options: [text($0)])) }
    }

    @Test func `counts of parts`() {
        expect(upTo: 64) { .reaction(Reaction(text($0), isOn: true), to: target) }
        expect(upTo: 256) {
            .edit(MessageBody(text: "", mentions: (1...$0).map { user("u\($0)") }), of: target)
        }
        expect(upTo: 256) { .unpin(Unpin(pins: dots($0)), of: target) }
        expect(upTo: 64) { .poll(poll(question: 0, options: [String](repeating: "", count: $0))) }
        expect(upTo: 64) {
            .optionAdd(
                OptionAddition(basis: .poll, rank: [UInt8](repeating: 1, count: $0), text: ""),
                to: target)
        }
        expect(upTo: 64) {
            .optionRemove(OptionRemoval(basis: .poll, option: .own($0)), of: target)
        }
        expect(upTo: 64) {
            .vote(Vote(dots($0).map { VoteChoice(.added($0), isOn: true) }), on: target)
        }
    }

    @Test func `replicas and intervals of a read mark`() {
        expect(upTo: 1024) { .readMark(marks(replicas: $0, intervals: 1)) }
        expect(upTo: 1024) { .readMark(marks(replicas: 1, intervals: $0)) }
        expect(upTo: 512) { .readMark(marks(replicas: 2, intervals: $0)) }
    }

    @Test func `the highest seq`() {
        let top = Int(Limits.seqMaximum)
        expect(upTo: top) {
            .close(
                Close(
                    replica: target.replica, seq: UInt64($0), chain: digest(0), reason: .forked))
        }
        expect(upTo: top) {
            let seqs = IntervalSet([1...1, 5...UInt64($0)])
            return .readMark(
                ReadMarkBody(
                    log: nobody, marks: [ReplicaMarks(replica: target.replica, seqs: seqs)]))
        }
        expect(upTo: top) {
            .grant(
                Grant(
                    user: user("bo"), role: .member,
                    leave: Dot(replica: target.replica, seq: UInt64($0))))
        }
    }

    private func expect(upTo limit: Int, _ make: (Int) -> ChatOp) {
        let (at, above) = (make(limit), make(limit + 1))
        #expect(throws: Never.self, "\(at.kind)") {
            try ChatOp.decode(kind: at.kind, target: at.target, body: at.body)
        }
        #expect(throws: WireError.self, "\(above.kind)") {
            try ChatOp.decode(kind: above.kind, target: above.target, body: above.body)
        }
    }

    private func text(_ count: Int) -> String { String(repeating: "x", count: count) }

    private func dots(_ count: Int) -> [Dot] { (1...count).map { dot(1, UInt64($0)) } }

    private func poll(question: Int, options: [String]) -> PollCreation {
        PollCreation(settings: [], question: text(question), options: options)
    }

    private func creation(name: Int, about: Int) -> Creation {
        Creation(
            kind: .room, workspace: WorkspaceID(high: 0, low: 0),
            nonce: [UInt8](repeating: 0, count: 16), name: text(name), about: text(about))
    }

    private func marks(replicas: Int, intervals: Int) -> ReadMarkBody {
        let seqs = IntervalSet((1...UInt64(intervals)).map { $0 * 2...$0 * 2 })
        return ReadMarkBody(
            log: nobody,
            marks: (1...UInt64(replicas)).map {
                ReplicaMarks(replica: ReplicaID(high: 0, low: $0), seqs: seqs)
            })
    }
}
