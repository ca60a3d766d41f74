import FikaSimulation
import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

@Suite struct PollTallyTests {
    private let own = [
        PollOption(own: 1, write: write(1), text: "Semla"),
        PollOption(own: 2, write: write(1), text: "Bulle"),
    ]

    @Test func `M14: ranks first, then stamps, then numbers; no rank comes last`() {
        let last = PollOption(added: dot(2, 3), rank: [], write: write(2, 2, seq: 3), text: "d")
        let later = PollOption(added: dot(3, 3), rank: [], write: write(3, 3, seq: 3), text: "e")
        let between = PollOption(
            added: dot(2, 4), rank: [1, 128], write: write(4, 2, seq: 4), text: "c")
        let same = PollOption(
            added: dot(2, 5), rank: [1, 0], write: write(5, 2, seq: 5), text: "b")
        let lines = PollTally.lines(
            options: [later, last, between, same] + own.reversed(), votes: [],
            allowsMultiple: true)
        #expect(lines.map(\.text) == ["Semla", "b", "c", "Bulle", "d", "e"])
    }

    @Test func `M15: a removed option is hidden with its votes`() {
        var options = own
        options[1].isRemoved = true
        let votes = [vote("ann", 1, 5), vote("ann", 2, 6), vote("bo", 2, 6)]
        for multiple in [true, false] {
            let lines = PollTally.lines(options: options, votes: votes, allowsMultiple: multiple)
            #expect(lines.map(\.text) == ["Semla"])
            #expect(lines.map(\.voters) == [[user("ann")]])
        }
    }

    @Test func `M16, G8: the setting changes the reading, never the flags`() {
        let votes = [vote("ann", 1, 5), vote("ann", 2, 6), vote("bo", 1, 9)]
        let single = PollTally.lines(options: own, votes: votes, allowsMultiple: false)
        let multiple = PollTally.lines(options: own, votes: votes, allowsMultiple: true)
        #expect(single.map(\.voters) == [[user("bo")], [user("ann")]])
        #expect(multiple.map(\.voters) == [[user("ann"), user("bo")], [user("ann")]])
    }

    @Test func `M16: within one vote op the last option counts; what is off does not`() {
        let same = [vote("ann", 2, 6), vote("ann", 1, 6)]
        let lines = PollTally.lines(options: own, votes: same, allowsMultiple: false)
        #expect(lines.map(\.voters) == [[], [user("ann")]])
        let off = [vote("ann", 1, 5), vote("ann", 2, 6, isOn: false)]
        let rest = PollTally.lines(options: own, votes: off, allowsMultiple: false)
        #expect(rest.map(\.voters) == [[user("ann")], []])
    }

    @Test func `M17, G9: two add Pizza, each votes for his own: one line, two votes`() {
        let ann = PollOption(added: dot(1, 3), rank: [], write: write(5, 1, seq: 3), text: "Pizza")
        let bo = PollOption(added: dot(2, 3), rank: [], write: write(6, 2, seq: 3), text: " pizza ")
        let votes = [
            PollVote(user: user("bo"), option: bo.option, isOn: true, write: write(8)),
            PollVote(user: user("ann"), option: ann.option, isOn: true, write: write(7)),
            PollVote(user: user("ann"), option: bo.option, isOn: true, write: write(6)),
        ]
        let lines = PollTally.lines(options: [bo, ann], votes: votes, allowsMultiple: true)
        #expect(
            lines == [
                PollOptionState(
                    option: ann.option, text: "Pizza", voters: [user("ann"), user("bo")])
            ])
    }

    @Test func `M17: folding trims white space and lower-cases scalar by scalar`() {
        let folded = PollFolding.fold("\u{2003}\t ÅÄ É ß İ \n")
        #expect(folded == Array("åä é ß i\u{307}".unicodeScalars))
        #expect(PollFolding.fold(" \n").isEmpty)
        #expect(PollFolding.fold("é") != PollFolding.fold("e\u{301}"))
        #expect(PollFolding.fold("A") == PollFolding.fold(" a"))
    }

    @Test func `M16 and M17: laws of any tally`() {
        forAll(count: 500) { generator in
            let options = options(&generator)
            let votes = votes(&generator, on: options)
            let single = PollTally.lines(options: options, votes: votes, allowsMultiple: false)
            let multiple = PollTally.lines(options: options, votes: votes, allowsMultiple: true)
            let shuffled = PollTally.lines(
                options: options.shuffled(using: &generator),
                votes: votes.shuffled(using: &generator), allowsMultiple: false)
            #expect(single == shuffled)
            #expect(single.map(\.option) == multiple.map(\.option))
            #expect(Set(single.map { PollFolding.fold($0.text) }).count == single.count)
            let all = single.flatMap(\.voters)
            #expect(Set(all).count == all.count, "one vote a person")
            for (few, many) in zip(single, multiple) {
                #expect(Set(few.voters).isSubset(of: many.voters))
                #expect(many.voters == Set(many.voters).sorted())
            }
            #expect(Set(all) == Set(multiple.flatMap(\.voters)))
        }
    }

    private func vote(
        _ name: String, _ number: Int, _ milliseconds: UInt64, isOn: Bool = true
    ) -> PollVote {
        PollVote(
            user: user(name), option: .own(number), isOn: isOn, write: write(milliseconds))
    }

    private func options(_ generator: inout SplitMix64) -> [PollOption] {
        let texts = ["a", "A ", "b", "c"]
        let own = (1...3).map {
            PollOption(
                own: $0, write: write(1), text: generator.pick(texts), isRemoved: generator.oneIn(5)
            )
        }
        return own
            + (2...4).map {
                PollOption(
                    added: dot(2, $0), rank: generator.bytes(count: 0...2),
                    write: write($0, 2, seq: $0), text: generator.pick(texts))
            }
    }

    private func votes(
        _ generator: inout SplitMix64, on options: [PollOption]
    ) -> [PollVote] {
        var votes: [PollVote] = []
        for name in ["ann", "bo", "eva"] {
            for option in options where generator.bool() {
                votes.append(
                    PollVote(
                        user: user(name), option: option.option, isOn: !generator.oneIn(4),
                        write: write(generator.number(in: 0...3))))
            }
        }
        return votes
    }
}
