import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog

// Polls and every op on them.
extension HistoryGenerator {
    mutating func writePoll(by index: Int) {
        let settings = PollSettings(rawValue: random.number(in: 0...7))
        let options = random.array(count: random.oneIn(6) ? 0...0 : 2...4) {
            $0.pick(["Pizza", "pizza ", "Semla", "Ål"])
        }
        let creation = PollCreation(
            settings: settings, question: random.pick(["Vad?", "När?"]), options: options)
        world.write(.poll(creation), by: index)
    }

    mutating func writePollChange(by index: Int) {
        guard let poll = pick(.poll, by: index) else { return writePoll(by: index) }
        let dot = poll.id.dot
        let basis = basis(for: poll, by: index)
        switch random.number(in: 0...11) {
        case 0:
            let text = random.pick(["Var?", "Vem?", "Vad?"])
            world.write(.pollQuestion(PollQuestion(basis: basis, text: text), of: dot), by: index)
        case 1, 2:
            let change = PollSettingChange(
                basis: basis, setting: random.pick(PollSetting.allCases), isOn: random.bool())
            world.write(.pollSetting(change, of: dot), by: index)
        case 3, 4:
            let addition = OptionAddition(
                basis: basis, rank: random.oneIn(2) ? [] : random.bytes(count: 1...3),
                text: random.pick(["Pizza", " PIZZA", "Soppa", "Ål"]))
            world.write(.optionAdd(addition, to: dot), by: index)
        case 5:
            let text = random.pick(["Pizza", "Våfflor", "ål\u{A0}"])
            let body = OptionText(basis: basis, option: option(of: poll, by: index), text: text)
            world.write(.optionText(body, of: dot), by: index)
        case 6:
            let body = OptionRemoval(basis: basis, option: option(of: poll, by: index))
            world.write(.optionRemove(body, of: dot), by: index)
        default:
            writeVote(on: poll, by: index)
        }
    }

    private mutating func writeVote(on poll: Op, by index: Int) {
        var options: Set<OptionRef> = []
        for _ in 0..<random.number(in: 1...3) { options.insert(option(of: poll, by: index)) }
        let choices = options.sorted().map { VoteChoice($0, isOn: !random.oneIn(4)) }
        world.write(.vote(Vote(choices), on: poll.id.dot), by: index)
    }

    private mutating func option(of poll: Op, by index: Int) -> OptionRef {
        let added = pick([.optionAdd], by: index) { $1.target == poll.id.dot }
        if let added, random.oneIn(2) { return .added(added.id.dot) }
        return random.oneIn(15)
            ? .added(unseenDot()) : .own(random.oneIn(6) ? 4 : random.number(in: 1...3))
    }

    /// Mostly one that holds.
    private mutating func basis(for poll: Op, by index: Int) -> Basis {
        let setting = pick([.pollSetting], by: index) { $1.target == poll.id.dot }
        if random.oneIn(12) {
            let other = pick(.pollSetting, .message, by: index)?.id.dot
            return .setting(other ?? unseenDot())
        }
        if isOwn(poll, index), !random.oneIn(5) { return .creator }
        if let setting, random.bool() { return .setting(setting.id.dot) }
        return random.oneIn(5) ? .creator : .poll
    }
}
