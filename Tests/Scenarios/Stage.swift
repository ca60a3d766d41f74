import FikaCRDT
import FikaChat
import FikaLog
import FikaStore
import FikaTestSupport
import Testing

/// Emma, Bo and Omid, each with a store of their own, and a relay that gives positions.
final class Stage {
    let clock = TestClock()
    let emma: TestStore
    let bo: TestStore
    let omid: TestStore
    let relay = TestRelay()
    let room: LogID

    init() throws {
        emma = try TestStore(user: "emma", seed: 1, clock: clock)
        bo = try TestStore(user: "bo", seed: 2, clock: clock)
        omid = try TestStore(user: "omid", seed: 3, clock: clock)
        room = try emma.makeRoom("Fredagsfika")
        try emma.grant("bo", in: room)
        try emma.grant("omid", in: room)
        try meet()
    }

    /// Everybody gives everybody all of the room; nobody asks the relay.
    func exchange() throws {
        for (left, right) in [(emma, bo), (emma, omid), (bo, omid), (emma, bo)] {
            try left.exchange(with: right, room)
        }
    }

    /// Everybody has all of the room, and the relay has accepted it.
    func meet() throws {
        try exchange()
        try relay.accept(room, of: emma)
        for store in [emma, bo, omid] { try relay.tell(room, to: store) }
    }

    /// What all three see; it is the same for all.
    func seen(sourceLocation: SourceLocation = #_sourceLocation) throws -> LogState {
        let states = try [emma, bo, omid].map { try Shown(room, in: $0).state }
        #expect(states[0] == states[1], sourceLocation: sourceLocation)
        #expect(states[1] == states[2], sourceLocation: sourceLocation)
        return states[0]
    }
}

extension TestStore {
    @discardableResult
    func react(_ emoji: String, on isOn: Bool = true, to row: OpID) throws -> OpID? {
        let body = Reaction(emoji, isOn: isOn).body
        return try write([OpDraft(.reaction, target: row.dot, body: body)], to: row.log)[0]
    }

    func edit(_ row: OpID, _ text: String) throws {
        let body = MessageBody(text: text).body
        try write([OpDraft(.edit, target: row.dot, body: body)], to: row.log)
    }

    func delete(_ row: OpID) throws {
        try write([OpDraft(.delete, target: row.dot)], to: row.log)
    }

    func pin(_ row: OpID) throws {
        try write([OpDraft(.pin, target: row.dot)], to: row.log)
    }

    func vote(_ option: OptionRef, on poll: OpID) throws {
        let body = Vote([VoteChoice(option, isOn: true)]).body
        try write([OpDraft(.vote, target: poll.dot, body: body)], to: poll.log)
    }

    /// Starts a poll.
    func ask(
        _ question: String, _ options: [String], _ settings: PollSettings, in log: LogID
    ) throws -> OpID {
        let poll = PollCreation(settings: settings, question: question, options: options)
        let ids = try write([OpDraft(.poll, body: poll.body)], to: log)
        return try #require(ids[0])
    }

    /// Marks rows as read.
    func read(_ rows: [OpID], of log: LogID) throws {
        var seqs: [ReplicaID: IntervalSet] = [:]
        for row in rows {
            seqs[row.dot.replica, default: IntervalSet()].insert(row.dot.seq)
        }
        let marks = seqs.keys.sorted().compactMap { replica in
            seqs[replica].map { ReplicaMarks(replica: replica, seqs: $0) }
        }
        let body = ReadMarkBody(log: log, marks: marks).body
        try write([OpDraft(.readMark, body: body)], to: personalLog())
    }

    /// The user's personal log.
    func personalLog() throws -> LogID {
        try store.write { writer, db in
            try writer.prepare(store.profile.personalLog, db)
        }
    }
}

extension LogState {
    /// Texts in the order of rows; nil for a stub.
    var texts: [String?] {
        rows.compactMap { row -> String?? in
            switch row.content {
            case .message(let text, _, _), .imported(_, let text): .some(text)
            case .poll(let poll): .some(poll.question)
            case .deleted: .some(nil)
            case .system: nil
            }
        }
    }

    /// Each line of the first poll with its number of votes.
    var pollLines: [String] {
        for row in rows {
            if case .poll(let poll) = row.content {
                return poll.options.map { "\($0.text): \($0.voters.count)" }
            }
        }
        return []
    }
}
