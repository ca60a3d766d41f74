import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// Rules M12 and M18 on real stores.
@Suite struct PollRuleTests {
    private let stage: TwoStores
    private var emma: TestStore { stage.emma }
    private var bo: TestStore { stage.bo }

    init() throws {
        stage = try TwoStores()
    }

    private func makePoll() throws -> Dot {
        let poll = PollCreation(settings: [], question: "Fika?", options: ["Bullar", "Semlor"])
        return try #require(try stage.write(.poll, poll.body, by: emma))
    }

    private func poll(_ id: Dot, in test: TestStore) throws -> PollState? {
        guard case .poll(let poll)? = try stage.row(id, in: test)?.content else { return nil }
        return poll
    }

    /// Sets question, a setting and an option's text.
    private func set(_ id: Dot, _ question: String, multiple: Bool, by test: TestStore) throws {
        let setting = PollSettingChange(
            basis: .creator, setting: .allowsMultiple, isOn: multiple)
        let text = OptionText(basis: .creator, option: .own(1), text: question + " 1")
        try stage.write(
            .pollQuestion, at: id, PollQuestion(basis: .creator, text: question).body, by: test)
        try stage.write(.pollSetting, at: id, setting.body, by: test)
        try stage.write(.optionText, at: id, text.body, by: test)
    }

    @Test func `M12: question, settings and option texts are registers, the latest stamp wins`()
        throws
    {
        let id = try makePoll()
        let phone = try stage.device(of: "emma", seed: 3)
        try set(id, "Telefonen", multiple: true, by: phone)
        try set(id, "Datorn", multiple: false, by: emma)
        #expect(try poll(id, in: phone)?.question == "Telefonen")
        #expect(try poll(id, in: phone)?.allowsMultiple == true)
        try emma.exchange(with: phone, stage.room)
        try stage.meet()
        for store in [emma, phone, bo] {
            let poll = try #require(try poll(id, in: store))
            #expect(poll.question == "Datorn")
            #expect(!poll.allowsMultiple)
            #expect(poll.options.map(\.text) == ["Datorn 1", "Semlor"])
        }
    }

    @Test func `M12: what is stamped before the poll does not beat what the poll says`() throws {
        let early = stage.nextTime()
        let id = try makePoll()
        var phone = stage.bareDevice(of: "emma", seed: 50)
        phone.write(
            ChatKind.pollQuestion.kind, body: PollQuestion(basis: .creator, text: "Te?").body,
            salt: Salt(raw: 1), target: id, time: early)
        phone.write(
            ChatKind.pollSetting.kind,
            body: PollSettingChange(basis: .creator, setting: .anyoneAdds, isOn: true).body,
            target: id, time: early.next)
        #expect(try emma.take(phone.handed).newOps == 3)
        let poll = try #require(try poll(id, in: emma))
        #expect(poll.question == "Fika?")
        #expect(!poll.anyoneAdds)
        #expect(try stage.outcomes(in: emma) == [:])
    }

    @Test func `M12: an added option's text starts with the addition`() throws {
        let id = try makePoll()
        let addition = OptionAddition(basis: .creator, text: "Te")
        let option = try #require(try stage.write(.optionAdd, at: id, addition.body, by: emma))
        try stage.meet()
        #expect(try poll(id, in: bo)?.options.map(\.text) == ["Bullar", "Semlor", "Te"])
        let text = OptionText(basis: .creator, option: .added(option), text: "Grönt te")
        try stage.write(.optionText, at: id, text.body, by: emma)
        try stage.meet()
        #expect(try poll(id, in: bo)?.options.map(\.text) == ["Bullar", "Semlor", "Grönt te"])
    }

    @Test func `M18: a deleted poll shows nothing, also of what comes later`() throws {
        let id = try makePoll()
        try stage.settle()
        let vote = Vote([VoteChoice(.own(1), isOn: true)])
        try stage.write(.vote, at: id, vote.body, by: bo)
        try stage.meet()
        #expect(
            try poll(id, in: emma)?.options.map(\.voters) == [[TestStore.user("bo")], []])
        try stage.delete(id, by: emma)
        #expect(try stage.row(id, in: emma)?.content == .deleted)
        // Bo has not heard of it.
        let later = Vote([VoteChoice(.own(2), isOn: true)])
        try stage.write(.vote, at: id, later.body, by: bo)
        try stage.meet()
        for store in [emma, bo] { #expect(try stage.row(id, in: store)?.content == .deleted) }
        try stage.settle()
        for store in [emma, bo] {
            #expect(try stage.row(id, in: store)?.content == .deleted)
            #expect(try stage.shown(in: store).texts == [nil])
        }
    }
}
