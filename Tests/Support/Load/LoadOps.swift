import FikaSimulation
package import FikaCRDT
import FikaChat
package import FikaLog

/// The load of the benchmarks: one room's ops in the order of time, drawn one by one.
///
/// Of the messages 0.2 % are polls with 3 to 15 votes; 8 % are edited, 2 % deleted, 1 % pinned;
/// 30 % get a reaction, of which 12 % are taken back. A million make 1.464 million ops.
package struct LoadOps: Sendable {
    package static let authorCount = 50

    package let log: LogID
    package private(set) var authors: [LoadAuthor]
    /// By action: how many ops so far.
    package private(set) var counts = [Int](repeating: 0, count: LoadAction.allCases.count)

    private let nonce: [UInt8]
    private let messageCount: Int
    private let vocabulary = LoadVocabulary()
    private var generator: SplitMix64
    private var room = LoadRoom()
    private var milliseconds: UInt64 = 1_700_000_000_000
    private var previousAuthor = 0
    private var setUpCount = 0

    package init(messages: Int, seed: UInt64 = 1) {
        var generator = SplitMix64(seed: seed)
        authors = (0..<Self.authorCount).map { LoadAuthor(number: $0, using: &generator) }
        nonce = generator.bytes(count: 16...16)
        log = Hashes.roomLogID(creator: authors[0].key.publicKey, nonce: nonce)
        messageCount = messages
        self.generator = generator
    }

    package func count(_ action: LoadAction) -> Int { counts[action.rawValue] }

    /// The next op and its author's number; nil at the end.
    package mutating func next() -> (op: Op, author: Int)? {
        if setUpCount < 2 * Self.authorCount { return nextOfSetUp() }
        guard let action = drawAction() else { return nil }
        return make(action)
    }

    /// Everybody is introduced, the first makes the room and lets the others in.
    private mutating func nextOfSetUp() -> (op: Op, author: Int) {
        defer { setUpCount += 1 }
        let number = setUpCount % Self.authorCount
        if setUpCount < Self.authorCount {
            let body = authors[number].introduction.body
            return write(.introduction, .introduction, body, by: number)
        }
        guard number > 0 else {
            let creation = Creation(
                kind: .room, workspace: Hashes.workspaceID(publicKey: authors[0].key.publicKey),
                nonce: nonce, name: "load")
            return write(.create, .create, creation.body, by: 0)
        }
        let grant = Grant(user: authors[number].user, role: .member)
        return write(.grant, .grant, grant.body, by: 0)
    }

    private mutating func drawAction() -> LoadAction? {
        if count(.message) + count(.poll) == messageCount {
            if !room.takeBacks.isEmpty { return .takeBack }
            return room.openPolls.isEmpty ? nil : .vote
        }
        if room.recent.isEmpty { return .message }
        if !room.takeBacks.isEmpty, generator.oneIn(8) { return .takeBack }
        if !room.openPolls.isEmpty, generator.oneIn(12) { return .vote }
        switch generator.number(in: 0..<1410) {
        case ..<998: return .message
        case ..<1000: return .poll
        case ..<1080: return .edit
        case ..<1100: return .delete
        case ..<1400: return .reaction
        default: return .pin
        }
    }

    private mutating func make(_ action: LoadAction) -> (op: Op, author: Int) {
        switch action {
        case .poll: makePoll()
        case .edit: makeEdit()
        case .delete: makeDelete()
        case .reaction: makeReaction()
        case .takeBack: makeTakeBack()
        case .pin:
            write(
                .pin, .pin, [], target: room.drawRow(&generator).dot,
                by: generator.number(in: 0..<authors.count))
        case .vote: makeVote()
        case .message, .introduction, .create, .grant: makeMessage()
        }
    }

    private mutating func makeMessage() -> (op: Op, author: Int) {
        // A conversation has pauses: 18 seconds in the mean.
        milliseconds += generator.number(in: 0...(generator.oneIn(3) ? 100_000 : 4_000))
        let author = generator.oneIn(4) ? previousAuthor : drawAuthor()
        previousAuthor = author
        let text = vocabulary.text(&generator)
        let made = write(.message, .message, MessageBody(text: text).body, by: author)
        room.add(LoadRoom.Row(dot: made.op.id.dot, author: author, text: text), &generator)
        return made
    }

    private mutating func makePoll() -> (op: Op, author: Int) {
        let author = drawAuthor()
        let options = generator.array(count: 2...5) { vocabulary.text(&$0) }
        let poll = PollCreation(
            settings: [], question: vocabulary.text(&generator), options: options)
        let made = write(.poll, .poll, poll.body, by: author)
        room.add(LoadRoom.Row(dot: made.op.id.dot, author: author), &generator)
        room.openPolls.append(
            LoadRoom.Poll(
                dot: made.op.id.dot, optionCount: options.count, firstVoter: author,
                votesLeft: generator.number(in: 3...15)))
        return made
    }

    private mutating func makeEdit() -> (op: Op, author: Int) {
        let index = room.drawRecent(&generator)
        let row = room.recent[index]
        guard let text = row.text else { return makeMessage() }
        let edited = vocabulary.edited(text, &generator)
        room.setText(edited, at: index)
        return write(
            .edit, .edit, MessageBody(text: edited).body, target: row.dot, by: row.author)
    }

    private mutating func makeDelete() -> (op: Op, author: Int) {
        let index = room.drawRecent(&generator)
        let row = room.recent[index]
        guard row.text != nil, room.recent.count > 1 else { return makeMessage() }
        room.remove(at: index)
        return write(.delete, .delete, [], target: row.dot, by: row.author)
    }

    private mutating func makeReaction() -> (op: Op, author: Int) {
        let target = room.drawRow(&generator).dot
        let author = drawAuthor()
        // The first are by far the most frequent ones.
        let emoji = ["👍", "❤️", "😂", "🎉", "🙏", "👀", "🚀", "🤔"]
        let drawn = emoji[generator.number(in: 0...generator.number(in: 0...7))]
        if generator.number(in: 0..<100) < 12 {
            room.takeBacks.append(.init(author: author, target: target, emoji: drawn))
        }
        return write(
            .reaction, .reaction, Reaction(drawn, isOn: true).body, target: target, by: author)
    }

    private mutating func makeTakeBack() -> (op: Op, author: Int) {
        let reaction = room.takeBacks.removeFirst()
        return write(
            .takeBack, .reaction, Reaction(reaction.emoji, isOn: false).body,
            target: reaction.target, by: reaction.author)
    }

    private mutating func makeVote() -> (op: Op, author: Int) {
        let index = generator.number(in: 0..<room.openPolls.count)
        let poll = room.openPolls[index]
        let author = (poll.firstVoter + poll.votesLeft) % authors.count
        room.openPolls[index].votesLeft -= 1
        if poll.votesLeft == 1 { room.openPolls.remove(at: index) }
        let option = OptionRef.own(generator.number(in: 1...poll.optionCount))
        return write(
            .vote, .vote, Vote([VoteChoice(option, isOn: true)]).body, target: poll.dot,
            by: author)
    }

    /// Few write much and many write little.
    private mutating func drawAuthor() -> Int {
        generator.number(in: 0...generator.number(in: 4..<authors.count))
    }

    private mutating func write(
        _ action: LoadAction, _ kind: ChatKind, _ body: [UInt8], target: Dot? = nil, by author: Int
    ) -> (op: Op, author: Int) {
        counts[action.rawValue] += 1
        authors[author].seq += 1
        milliseconds += generator.number(in: 1...3000)
        let salt = kind.flags.contains(.salted) ? Salt(using: &generator) : nil
        let op = Op(
            kind: kind.kind,
            id: OpID(log: log, replica: authors[author].replica, seq: authors[author].seq),
            time: HybridTime(milliseconds: milliseconds), target: target,
            content: .body(body, salt: salt))
        return (op, author)
    }
}
