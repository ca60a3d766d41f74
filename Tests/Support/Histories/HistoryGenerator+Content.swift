import FikaSimulation
import FikaCRDT
import FikaChat
import FikaLog

// Messages and what is aimed at them.
extension HistoryGenerator {
    mutating func writeMessage(by index: Int) {
        let answered =
            random.oneIn(20)
            ? unseenDot()
            : random.oneIn(3) ? pick(.message, .imported, .poll, by: index)?.id.dot : nil
        world.write(.message(message(), reply: answered), by: index)
    }

    mutating func writeEdit(by index: Int) {
        let isForbidden = random.oneIn(5)
        let message = pick([.message], by: index) { $0.isOwn($1, index) != isForbidden }
        guard let target = random.oneIn(15) ? unseenDot() : message?.id.dot else {
            return writeMessage(by: index)
        }
        world.write(.edit(self.message(), of: target), by: index)
    }

    mutating func writeDelete(by index: Int) {
        let isAnybodys = random.oneIn(3)
        let row = pick([.message, .imported, .poll], by: index, prefersFirst: false) {
            isAnybodys || $0.isOwn($1, index)
        }
        guard let target = row?.id.dot else { return writeMessage(by: index) }
        world.write(.delete(target), by: index)
    }

    mutating func writeReaction(by index: Int) {
        let row = pick(.message, .message, .imported, .poll, by: index)
        guard let target = random.oneIn(15) ? unseenDot() : row?.id.dot else { return }
        let emoji = random.pick(["👍", "👍", "👍", "👍", "❤️", "e\u{301}", "é"])
        world.write(.reaction(Reaction(emoji, isOn: !random.oneIn(3)), to: target), by: index)
    }

    mutating func writePin(by index: Int) {
        guard let row = pick(.message, .message, .imported, .poll, by: index) else { return }
        world.write(.pin(row.id.dot), by: index)
    }

    mutating func writeUnpin(by index: Int) {
        guard let pin = pick(.pin, by: index), let target = pin.target else {
            return writePin(by: index)
        }
        let same = world.seen(by: index).filter { $0.kind == pin.kind && $0.target == target }
        let some = same.filter { _ in random.bool() }
        let other = random.oneIn(10) ? pick(.pin, by: index).map { [$0] } ?? [] : []
        let pins = ([pin] + some + other).map(\.id.dot)
        world.write(.unpin(Unpin(pins: pins), of: target), by: index)
    }

    mutating func writeRegister(by index: Int) {
        let text = RoomText(random.pick(["Fika", "Lunch", "", "Semlor"]))
        world.write(random.bool() ? .name(text) : .about(text), by: index)
    }

    mutating func message() -> MessageBody {
        let mentions = users.filter { _ in random.oneIn(4) }
        return MessageBody(text: random.text(count: 0...6), mentions: mentions)
    }

    // MARK: Imports

    /// A replica of its own that writes some of the old lines, in the order of their times.
    mutating func runImport(by index: Int) {
        let writer = world.writers[index]
        let run = world.join(writer.user, key: writer.key, name: "import")
        world.writers[run].isActive = false
        let channel = random.oneIn(5) ? "#other" : "#fika"
        if random.oneIn(12) {
            world.write(.message(message(), reply: nil), by: run)
        } else {
            world.write(.importRun(ImportRun(source: "irc", channel: channel)), by: run)
        }
        for old in oldLines where !random.oneIn(3) {
            let dot = world.write(.imported(old.line), by: run, time: old.time)
            if random.oneIn(12) { world.write(.delete(dot), by: run) }
        }
        if random.bool() { world.show(from: run, to: index) }
    }

    // MARK: The viewer's own log

    mutating func writeReadMarkOrFlag() {
        let index = random.number(in: 0..<personal.writers.count)
        if random.oneIn(4) {
            let name = random.pick(LogFlag.Name.allCases)
            let log = random.oneIn(4) ? LogID(high: 1, low: 2) : world.log
            let flag = LogFlag(log: log, name: name, isOn: random.bool())
            personal.write(.flag(flag), by: index)
            return
        }
        let reader = random.pick(
            world.writers.indices.filter { world.writers[$0].user == viewer })
        var marks: [ReplicaMarks] = []
        for (replica, seq) in world.writers[reader].seen.sorted(by: { $0.key < $1.key }) {
            guard seq > 0, !random.oneIn(3) else { continue }
            let low = random.number(in: 1...seq)
            var seqs = IntervalSet([low...random.number(in: low...seq)])
            if random.oneIn(3) { seqs.insert(random.number(in: 1...seq + 2)) }
            marks.append(ReplicaMarks(replica: replica, seqs: seqs))
        }
        guard !marks.isEmpty else { return }
        let isElsewhere = random.oneIn(8)
        let log = isElsewhere ? LogID(high: 1, low: 2) : world.log
        personal.write(.readMark(ReadMarkBody(log: log, marks: marks)), by: index)
        if random.oneIn(3), index + 1 < personal.writers.count {
            personal.show(from: index, to: index + 1)
        }
    }
}
