import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

@Suite struct StateDigestTests {
    private let base = TimelineRow(
        id: dot(1, 2), stamp: Stamp(time: HybridTime(milliseconds: 5), replica: replicaNumbered(1)),
        author: .user(user("ann")),
        content: .message(text: "hi", mentions: [user("bo")], reply: dot(1, 1)))

    @Test func `M25: the bytes are those of the table`() {
        let log = LogID(high: 1, low: 2)
        var digest = StateDigest(
            log: log, kind: .room(.event), name: "F", about: "",
            members: [Member(user: user("bo"), role: .moderator)])
        digest.add(base)
        let head: [UInt8] =
            Array("fika:tl1".utf8) + log.bytes + [4, 4, 1, 0x46, 0, 1, 2, 0x62, 0x6F, 2]
        let stamp: [UInt8] = [0, 0, 0, 0, 0, 5, 0, 0] + replicaNumbered(1).bytes
        let row: [UInt8] =
            [1] + replicaNumbered(1).bytes + [2] + stamp + [0, 3] + Array("ann".utf8)
            + [1, 2, 0x68, 0x69, 1, 2, 0x62, 0x6F, 1] + replicaNumbered(1).bytes + [1]
            + [0, 0, 0]
        #expect(digest.finalize() == Hashes.digest(head + row + [0]))
        #expect(digest.finalize() == digest.finalize())
    }

    @Test func `M25: any change of what is shown changes the digest`() {
        var states = headVariants
        for row in rowVariants { states.append(state(rows: [row])) }
        states.append(state(rows: []))
        states.append(state(rows: [base, base]))
        #expect(Set(states).count == states.count)
        #expect(Set(states.map(StateDigest.digest)).count == states.count)
    }

    @Test func `M25: equal states have equal digests`() {
        for row in rowVariants {
            #expect(
                StateDigest.digest(of: state(rows: [row]))
                    == StateDigest.digest(of: state(rows: [row])))
        }
    }

    private func state(rows: [TimelineRow]) -> LogState {
        LogState(log: LogID(high: 1, low: 2), kind: .room(.room), rows: rows)
    }

    private var headVariants: [LogState] {
        let log = LogID(high: 1, low: 2)
        let kinds: [LogKind] = [
            .room(.visitor), .room(.event), .privateChat, .personal, .directory, .unknown,
        ]
        return kinds.map { LogState(log: log, kind: $0, rows: [base]) } + [
            LogState(log: LogID(high: 1, low: 3), kind: .room(.room), rows: [base]),
            LogState(log: log, kind: .room(.room), name: "ab", rows: [base]),
            LogState(log: log, kind: .room(.room), name: "a", about: "b", rows: [base]),
            LogState(log: log, kind: .room(.room), about: "ab", rows: [base]),
            LogState(
                log: log, kind: .room(.room), members: [Member(user: user("bo"), role: .member)],
                rows: [base]),
            LogState(
                log: log, kind: .room(.room),
                members: [Member(user: user("bo"), role: .moderator)], rows: [base]),
        ]
    }

    private var rowVariants: [TimelineRow] {
        func changed(_ change: (inout TimelineRow) -> Void) -> TimelineRow {
            var row = base
            change(&row)
            return row
        }
        let ann = user("ann")
        let later = Stamp(time: HybridTime(milliseconds: 6), replica: replicaNumbered(1))
        let elsewhere = Stamp(time: base.stamp.time, replica: replicaNumbered(2))
        return [
            base, changed { $0.id = dot(1, 3) }, changed { $0.id = dot(2, 2) },
            changed { $0.stamp = later }, changed { $0.stamp = elsewhere },
            changed { $0.author = .user(user("bo")) },
            changed { $0.author = .imported(name: "ann", importer: ann) },
            changed { $0.author = .imported(name: "", importer: ann) },
            changed { $0.isEdited = true },
            changed { $0.reactions = [ReactionState(emoji: "x", users: [ann])] },
            changed { $0.reactions = [ReactionState(emoji: "y", users: [ann])] },
            changed { $0.reactions = [ReactionState(emoji: "x", users: [ann, user("bo")])] },
            changed { $0.pin = PinState(by: ann, time: base.stamp.time) },
            changed { $0.pin = PinState(by: user("bo"), time: base.stamp.time) },
            changed { $0.pin = PinState(by: ann, time: later.time) },
        ] + contentVariants.map { content in changed { $0.content = content } }
    }

    private var contentVariants: [RowContent] {
        let (ann, bo) = (user("ann"), user("bo"))
        return [
            .deleted,
            .message(text: "hi!", mentions: [bo], reply: dot(1, 1)),
            .message(text: "hi", mentions: [], reply: dot(1, 1)),
            .message(text: "hi", mentions: [ann, bo], reply: dot(1, 1)),
            .message(text: "hi", mentions: [bo], reply: nil),
            .message(text: "hi", mentions: [bo], reply: dot(1, 2)),
            .imported(type: .message, text: "hi"), .imported(type: .action, text: "hi"),
            .imported(type: .message, text: "ho"),
            .system(.created(name: "a")), .system(.created(name: "b")), .system(.left),
            .system(.granted(user: ann, role: .member)),
            .system(.granted(user: ann, role: .moderator)),
            .system(.granted(user: bo, role: .member)),
            .system(.revoked(user: ann)), .system(.revoked(user: bo)),
            .system(.named("a")), .system(.about("a")), .system(.named("b")),
        ] + pollVariants.map { .poll($0) }
    }

    private var pollVariants: [PollState] {
        func poll(_ flags: [Bool], _ options: [PollOptionState], _ question: String = "?")
            -> PollState
        {
            PollState(
                question: question, allowsMultiple: flags[0], anyoneAdds: flags[1],
                anyoneEdits: flags[2], options: options)
        }
        let none = [false, false, false]
        let a = PollOptionState(option: .own(1), text: "a", voters: [])
        let voted = PollOptionState(option: .own(1), text: "a", voters: [user("ann")])
        let second = PollOptionState(option: .own(2), text: "a", voters: [])
        let added = PollOptionState(option: .added(dot(1, 1)), text: "a", voters: [])
        let other = PollOptionState(option: .own(1), text: "b", voters: [])
        return [
            poll(none, []), poll(none, [], "!"), poll([true, false, false], []),
            poll([false, true, false], []), poll([false, false, true], []),
            poll(none, [a]), poll(none, [voted]), poll(none, [second]), poll(none, [added]),
            poll(none, [other]), poll(none, [a, second]), poll(none, [second, a]),
        ]
    }
}
