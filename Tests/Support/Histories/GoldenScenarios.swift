import FikaCRDT
import FikaChat
import FikaLog

/// The golden scenarios of content: each makes a history and says what must be shown of it.
package enum GoldenScenarios {
    package static func all(seed: UInt64) -> [GoldenScenario] {
        [
            sameReactionOnTwoDevices(seed: seed), reactionTakenBackAndSetAgain(seed: seed),
            threePins(seed: seed), lateMessage(seed: seed), lateMessageUnscrolled(seed: seed),
            singlePoll(seed: seed), pollMadeMultiple(seed: seed), twoPizzas(seed: seed),
            privateChatFromBothEnds(seed: seed), removedProvisionally(seed: seed),
            removedAndRefused(seed: seed), addedLate(seed: seed),
        ] + twoRoomsReadOnTwoDevices(seed: seed)
    }

    // MARK: Reactions and pins

    /// G1: Emma's phone and laptop both tap 👍 on one message.
    package static func sameReactionOnTwoDevices(seed: UInt64) -> GoldenScenario {
        var stage = GoldenStage(seed: seed)
        let row = stage.say("Bullar", by: stage.bo)
        stage.meet()
        stage.react(true, to: row, by: stage.phone)
        stage.react(true, to: row, by: stage.laptop)
        stage.meet()
        return stage.scenario("G1", ExpectedFacts(reactions: [row: ["👍": 1]]))
    }

    /// G2: 👍 while connected; removed and added again offline.
    package static func reactionTakenBackAndSetAgain(seed: UInt64) -> GoldenScenario {
        var stage = GoldenStage(seed: seed)
        let row = stage.say("Bullar", by: stage.bo)
        stage.meet()
        stage.react(true, to: row, by: stage.phone)
        stage.meet()
        stage.react(false, to: row, by: stage.phone)
        stage.react(true, to: row, by: stage.phone)
        return stage.scenario("G2", ExpectedFacts(reactions: [row: ["👍": 1]]))
    }

    /// G5: three people pin three messages; the third has nothing of the others' pins.
    package static func threePins(seed: UInt64) -> GoldenScenario {
        var stage = GoldenStage(seed: seed)
        let rows = ["Ett", "Två", "Tre"].map { stage.say($0, by: stage.bo) }
        stage.world.showAll()
        for (row, author) in zip(rows, [stage.phone, stage.bo, stage.omid]) {
            stage.world.write(.pin(row), by: author)
        }
        stage.meet()
        return stage.scenario("G5", ExpectedFacts(pinned: Set(rows)))
    }

    // MARK: Reading

    /// G6: Bo writes at 09:10 offline; Emma reads up to 09:30; Bo reconnects at 10:00.
    package static func lateMessage(seed: UInt64) -> GoldenScenario {
        let (stage, late) = late(seed: seed)
        return stage.scenario(
            "G6",
            ExpectedFacts(
                texts: ["Morgon", "Sent", "Halv tio"], unread: [late], lateAbove: [late]))
    }

    /// G6, later: Bo writes at 10:05 and Emma reads to the end without scrolling up.
    package static func lateMessageUnscrolled(seed: UInt64) -> GoldenScenario {
        var (stage, late) = late(seed: seed)
        stage.world.now += 5 * 60_000
        let live = stage.say("Nu är jag här", by: stage.bo)
        stage.meet()
        stage.read(with: 0) { $0.id.dot == live }
        return stage.scenario(
            "G6 unscrolled",
            ExpectedFacts(
                texts: ["Morgon", "Sent", "Halv tio", "Nu är jag här"], unread: [late],
                lateAbove: [late]))
    }

    private static func late(seed: UInt64) -> (GoldenStage, Dot) {
        var stage = GoldenStage(seed: seed)
        stage.say("Morgon", by: stage.omid)
        stage.meet()
        stage.world.now += 10 * 60_000
        let late = stage.say("Sent", by: stage.bo)
        stage.world.now += 20 * 60_000
        stage.say("Halv tio", by: stage.omid)
        stage.world.show(from: stage.omid, to: stage.phone)
        stage.read(with: 0)
        stage.world.now += 30 * 60_000
        stage.meet()
        return (stage, late)
    }

    /// G12: the phone reads room A in flight mode, the laptop reads room B.
    package static func twoRoomsReadOnTwoDevices(seed: UInt64) -> [GoldenScenario] {
        var first = GoldenStage(seed: seed)
        var second = GoldenStage(seed: seed &+ 0x6000_0000)
        first.say("I rum A", by: first.bo)
        first.meet()
        second.say("I rum B", by: second.bo)
        second.meet()
        first.read(with: 0)
        // Both rooms share one personal log.
        second.personal = first.personal
        second.read(with: 1)
        first.personal = second.personal
        return [
            first.scenario("G12 room A", ExpectedFacts(texts: ["I rum A"], unread: [])),
            second.scenario("G12 room B", ExpectedFacts(texts: ["I rum B"], unread: [])),
        ]
    }

    // MARK: Polls

    /// G8: in a single-answer poll the phone votes A and the laptop B.
    package static func singlePoll(seed: UInt64) -> GoldenScenario {
        let (stage, poll) = twoVotes(seed: seed)
        return stage.scenario("G8 single", ExpectedFacts(polls: [poll: lines(("A", 0), ("B", 1))]))
    }

    /// G8, later: a third person sets "multiple".
    package static func pollMadeMultiple(seed: UInt64) -> GoldenScenario {
        var (stage, poll) = twoVotes(seed: seed)
        let change = PollSettingChange(basis: .poll, setting: .allowsMultiple, isOn: true)
        stage.world.write(.pollSetting(change, of: poll), by: stage.bo)
        return stage.scenario(
            "G8 multiple", ExpectedFacts(polls: [poll: lines(("A", 1), ("B", 1))]))
    }

    private static func twoVotes(seed: UInt64) -> (GoldenStage, Dot) {
        var stage = GoldenStage(seed: seed)
        let poll = stage.world.write(
            .poll(
                PollCreation(settings: .anyoneEdits, question: "Vilken?", options: ["A", "B"])),
            by: stage.omid)
        stage.meet()
        let a = Vote([VoteChoice(.own(1), isOn: true)])
        let b = Vote([VoteChoice(.own(2), isOn: true)])
        stage.world.write(.vote(a, on: poll), by: stage.phone)
        stage.world.write(.vote(b, on: poll), by: stage.laptop)
        stage.meet()
        return (stage, poll)
    }

    /// G9: two people add "Pizza", and each votes for their own.
    package static func twoPizzas(seed: UInt64) -> GoldenScenario {
        var stage = GoldenStage(seed: seed)
        let poll = stage.world.write(
            .poll(PollCreation(settings: .anyoneAdds, question: "Lunch?", options: ["Soppa"])),
            by: stage.omid)
        stage.meet()
        for (author, text) in [(stage.phone, "Pizza"), (stage.bo, " pizza")] {
            let addition = OptionAddition(basis: .poll, text: text)
            let option = stage.world.write(.optionAdd(addition, to: poll), by: author)
            let vote = Vote([VoteChoice(.added(option), isOn: true)])
            stage.world.write(.vote(vote, on: poll), by: author)
        }
        stage.meet()
        return stage.scenario(
            "G9", ExpectedFacts(polls: [poll: lines(("Soppa", 0), ("Pizza", 2))]))
    }

    private static func lines(_ lines: (String, Int)...) -> [ExpectedFacts.Line] {
        lines.map { ExpectedFacts.Line(text: $0.0, votes: $0.1) }
    }
}
