import FikaCRDT
import FikaChat

import FikaLog

import FikaStore

// What people do.
extension World {
    /// One person does one thing.
    func doSomething(_ index: Int) {
        let holder = clients[index].holder
        holder.setClock(clients[index].wall(at: now))
        let user = clients[index].device.user
        do {
            let rooms = try holder.allLogs().filter {
                let access = try holder.access(to: $0)
                guard case .room = access.kind else { return false }
                return access.role(of: user) != nil
            }
            guard !rooms.isEmpty, let intent = drawIntent() else {
                // The first room is made by somebody; the others wait for an invitation.
                guard index == 0 || random.oneIn(6) else { return }
                counts.add(.acts, WorldIntent.createRoom.rawValue)
                try createRoom(index)
                return
            }
            note("client \(index) wants \(intent)")
            counts.add(.acts, intent.rawValue)
            let log = random.pick(rooms)
            if plan.forger == index, random.bool() { return try forge(index, in: log) }
            try perform(intent, index, WorldDesk(holder, of: user, log: log))
        } catch is WorldCrash {
            stopClient(index)
        } catch StoreError.refused {
            note("client \(index) may not")
        } catch {
            if holder.disk?.isToBlame() == true { return note("client \(index) cannot write") }
            ledger.find("client \(index) cannot write: \(error)")
        }
    }

    private func drawIntent() -> WorldIntent? {
        let total = plan.intentWeights.values.reduce(0, +)
        guard total > 0 else { return nil }
        var left = random.number(in: 0..<total)
        for intent in WorldIntent.allCases {
            let weight = plan.intentWeights[intent] ?? 0
            if left < weight { return intent }
            left -= weight
        }
        return nil
    }

    /// A text that is said once in a world.
    func text() -> String {
        textCount += 1
        return "text \(textCount)."
    }

    private func createRoom(_ index: Int) throws {
        let name = text()
        let holder = clients[index].holder
        let id = try holder.makeRoom(name)
        ledger.returned(
            WorldLedger.Write(
                client: index, id: id, text: name, accessKind: ChatKind.create.kind))
        for user in plan.users where user != clients[index].device.user && !random.oneIn(3) {
            try write(.grant(Grant(user: user, role: .member)), in: id.log, by: index)
        }
        changed(index)
    }

    func write(
        _ says: ChatOp, in log: LogID, by index: Int, text: String? = nil,
        preimage: LogPreimage? = nil
    ) throws {
        guard let kind = says.known else { return }
        let holder = clients[index].holder
        // Whether it is written when this throws, nobody knows: what it is about may be otherwise.
        if let target = says.target { ledger.mayChange(OpID(log: log, dot: target)) }
        let id = try holder.write(
            kind, target: says.target, body: says.body, in: log, preimage: preimage)
        if let id {
            let accessKind = kind.flags.contains(.access) ? kind.kind : nil
            ledger.returned(
                WorldLedger.Write(
                    client: index, id: id, text: text, accessKind: accessKind,
                    isLast: saysLastWords))
        }
        ledger.withdraw(Set(try holder.emptied(in: log)))
    }

    private func perform(_ intent: WorldIntent, _ index: Int, _ desk: WorldDesk) throws {
        switch intent {
        case .createRoom: return try createRoom(index)
        case .markRead: try markRead(index, desk)
        case .flag: try flag(index, desk)
        case .sendPrivately: try sendPrivately(index)
        case .send, .reply, .edit, .react, .pin, .unpin, .poll, .vote, .addOption, .delete,
            .invite, .leave, .removeMember, .addAgain, .rename, .describe, .askAnew, .setPoll,
            .renameOption, .removeOption:
            guard let (says, text) = says(intent, desk) else { return }
            try write(says, in: desk.log, by: index, text: text)
        }
        changed(index)
    }

    /// What is written for an intent; nil when there is nothing that it could be about.
    private func says(_ intent: WorldIntent, _ desk: WorldDesk) -> (ChatOp, String?)? {
        switch intent {
        case .send, .reply, .edit, .delete: saysMessage(intent, desk)
        case .react, .pin, .unpin: saysMark(intent, desk).map { ($0, nil) }
        case .poll, .vote, .addOption: saysPoll(intent, desk)
        case .askAnew, .setPoll, .renameOption, .removeOption: saysOfPoll(intent, desk)
        case .invite, .leave, .removeMember, .addAgain: saysAccess(intent, desk).map { ($0, nil) }
        case .rename: (.name(RoomText(random.pick(["Fika", "Lunch", "Semlor"]))), nil)
        case .describe: (.about(RoomText("About \(random.number(in: 1...9))")), nil)
        case .createRoom, .markRead, .sendPrivately, .flag: nil
        }
    }

    private func saysMessage(_ intent: WorldIntent, _ desk: WorldDesk) -> (ChatOp, String?)? {
        let messages = desk.ops(of: .message)
        let own = messages.filter { desk.author(of: $0) == desk.user }
        switch intent {
        case .send:
            let text = text()
            return (.message(MessageBody(text: text), reply: nil), text)
        case .reply:
            let text = text()
            let target = messages.isEmpty ? nil : random.pick(messages).id.dot
            return (.message(MessageBody(text: text), reply: target), text)
        case .edit:
            guard !own.isEmpty else { return nil }
            let text = text()
            return (.edit(MessageBody(text: text), of: random.pick(own).id.dot), text)
        default:
            let mine = random.oneIn(5) ? messages : own
            return mine.isEmpty ? nil : (.delete(random.pick(mine).id.dot), nil)
        }
    }

    private func saysMark(_ intent: WorldIntent, _ desk: WorldDesk) -> ChatOp? {
        let rows = desk.ops(of: .message, .poll)
        guard !rows.isEmpty else { return nil }
        let target = random.pick(rows).id.dot
        if intent == .react {
            let emoji = random.pick(["👍", "❤️", "😄"])
            return .reaction(Reaction(emoji, isOn: !random.oneIn(3)), to: target)
        }
        if intent == .pin { return .pin(target) }
        let pins = desk.ops(of: .pin).filter { $0.target == target }
        return pins.isEmpty ? nil : .unpin(Unpin(pins: pins.map(\.id.dot)), of: target)
    }

    private func saysPoll(_ intent: WorldIntent, _ desk: WorldDesk) -> (ChatOp, String?)? {
        let polls = desk.ops(of: .poll)
        guard intent != .poll, !polls.isEmpty else {
            let text = text()
            let settings = PollSettings(rawValue: random.number(in: 0...7))
            let poll = PollCreation(
                settings: settings, question: text, options: ["Bullar", "Semlor"])
            return (.poll(poll), text)
        }
        let poll = random.pick(polls)
        if intent == .addOption {
            let text = text()
            let basis: Basis = desk.author(of: poll) == desk.user ? .creator : .poll
            let addition = OptionAddition(basis: basis, rank: [], text: text)
            return (.optionAdd(addition, to: poll.id.dot), text)
        }
        let options = desk.options(of: poll)
        guard !options.isEmpty else { return nil }
        let choice = VoteChoice(random.pick(options), isOn: !random.oneIn(4))
        return (.vote(Vote([choice]), on: poll.id.dot), nil)
    }

    /// What changes a poll.
    private func saysOfPoll(_ intent: WorldIntent, _ desk: WorldDesk) -> (ChatOp, String?)? {
        let polls = desk.ops(of: .poll)
        guard !polls.isEmpty else { return nil }
        let poll = random.pick(polls)
        let dot = poll.id.dot
        let settings = desk.ops(of: .pollSetting).filter { $0.target == dot }.map(\.id.dot)
        let basis: Basis =
            desk.author(of: poll) == desk.user
            ? .creator : settings.isEmpty || random.bool() ? .poll : .setting(random.pick(settings))
        let options = desk.options(of: poll)
        switch intent {
        case .askAnew:
            let text = text()
            return (.pollQuestion(PollQuestion(basis: basis, text: text), of: dot), text)
        case .setPoll:
            let setting = random.pick(PollSetting.allCases)
            let change = PollSettingChange(basis: basis, setting: setting, isOn: random.bool())
            return (.pollSetting(change, of: dot), nil)
        case .renameOption:
            guard !options.isEmpty else { return nil }
            let text = text()
            let renamed = OptionText(basis: basis, option: random.pick(options), text: text)
            return (.optionText(renamed, of: dot), text)
        default:
            guard !options.isEmpty else { return nil }
            let removal = OptionRemoval(basis: basis, option: random.pick(options))
            return (.optionRemove(removal, of: dot), nil)
        }
    }

    private func saysAccess(_ intent: WorldIntent, _ desk: WorldDesk) -> ChatOp? {
        let others = plan.users.filter { $0 != desk.user }
        guard intent != .leave else { return .leave }
        guard !others.isEmpty else { return nil }
        let user = random.pick(others)
        if intent == .removeMember {
            let grants = desk.grants.filter { $0.user != desk.user }
            return grants.isEmpty ? nil : .revoke(random.pick(grants).dot)
        }
        let role: Role = random.oneIn(4) ? .moderator : .member
        return .grant(Grant(user: user, role: role, leave: desk.newestLeave(of: user)))
    }

    private func markRead(_ index: Int, _ desk: WorldDesk) throws {
        let rows = desk.ops(of: .message)
        let unread = plan.leavesUnread && diskRandom.bool() ? rows.map(\.id.dot) : []
        let mark = ReadMarkBody(
            log: desk.log,
            marks: desk.marks(but: unread.isEmpty ? nil : diskRandom.pick(unread)))
        try writePersonally(.readMark(mark), index, desk)
    }

    private func flag(_ index: Int, _ desk: WorldDesk) throws {
        let name = random.pick(LogFlag.Name.allCases)
        let flag = LogFlag(log: desk.log, name: name, isOn: random.bool())
        try writePersonally(.flag(flag), index, desk)
    }

    private func writePersonally(_ says: ChatOp, _ index: Int, _ desk: WorldDesk) throws {
        let preimage = LogPreimage(
            workspace: Self.workspace, kind: .personal, users: [desk.user])
        try write(says, in: Hashes.derivedLogID(preimage), by: index, preimage: preimage)
    }

    private func sendPrivately(_ index: Int) throws {
        let user = clients[index].device.user
        let others = plan.users.filter { $0 != user }
        guard !others.isEmpty else { return }
        let users = [user, random.pick(others)].sorted()
        let preimage = LogPreimage(workspace: Self.workspace, kind: .privateChat, users: users)
        let text = text()
        try write(
            .message(MessageBody(text: text), reply: nil), in: Hashes.derivedLogID(preimage),
            by: index, text: text, preimage: preimage)
    }
}
