import FikaChat
import FikaCRDT
import FikaLog
import FikaStore

extension CommandRunner {
    func createPoll(_ draft: Command.PollDraft, in room: RoomID) throws -> CommandOutcome {
        guard !draft.question.isEmpty, draft.options.allSatisfy({ !$0.isEmpty }) else {
            throw FikaError(.invalidArgument, "a poll needs a question, an option a text")
        }
        guard draft.options.count <= Limits.pollOptionsMaximum else {
            throw FikaError(
                .invalidArgument, "a poll begins with at most \(Limits.pollOptionsMaximum) options")
        }
        for text in draft.options + [draft.question] {
            try Self.check(text, limit: Limits.textBytesMaximum, what: "a question or an option")
        }
        var settings: PollSettings = []
        if draft.allowsMultiple { settings.insert(.allowsMultiple) }
        if draft.anyoneAdds { settings.insert(.anyoneAdds) }
        if draft.anyoneEdits { settings.insert(.anyoneEdits) }
        let body = PollCreation(
            settings: settings, question: draft.question, options: draft.options
        ).body
        return outcome(try write([OpDraft(.poll, body: body)], to: room), in: room)
    }

    func addOption(_ text: String, to poll: MessageID) throws -> CommandOutcome {
        guard !text.isEmpty else { throw FikaError(.invalidArgument, "an option needs a text") }
        try Self.check(text, limit: Limits.textBytesMaximum, what: "an option")
        let basis = try store.read { db in
            try PollBasis.forAdding(to: poll.op, by: store.profile.user, LogInspector(db))
        }
        return try act(
            .optionAdd, on: poll, body: OptionAddition(basis: basis, text: text).body)
    }

    func vote(_ numbers: [Int], in poll: MessageID, isOn: Bool) throws -> CommandOutcome {
        let shown = try store.read { db in
            try ViewQueries(db).row(poll.op.log, poll.op.dot).map {
                Message($0, in: poll.op.log, viewer: store.profile.user)
            }
        }
        guard let shown, case .poll(let state) = shown.content else {
            throw FikaError(.notFound, "\(poll.short) is no poll that is shown here")
        }
        guard let highest = numbers.max(), let lowest = numbers.min(), lowest >= 1,
            highest <= state.options.count
        else {
            throw FikaError(
                .invalidArgument, "the poll has the options 1 to \(state.options.count)")
        }
        let choices = Set(numbers).sorted().compactMap { number in
            state.options[number - 1].reference.option.map { VoteChoice($0, isOn: isOn) }
        }
        guard choices.count <= Limits.pollOptionsMaximum else {
            throw FikaError(
                .invalidArgument, "one vote names at most \(Limits.pollOptionsMaximum) options")
        }
        return try act(.vote, on: poll, body: Vote(choices).body)
    }
}
