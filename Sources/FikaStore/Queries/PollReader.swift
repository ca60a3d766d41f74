import FikaCRDT
import FikaChat
import FikaLog
import GRDB

/// Reads a poll as it is shown.
struct PollReader {
    let db: Database
    let catalog: Catalog

    private struct Wording {
        let text: String
        let write: Write
    }

    func poll(_ raw: RowReader.Raw) throws -> PollState {
        let write = try write(raw.time, raw.placed ?? raw.key)
        let settings = try settings(raw.key, since: write)
        let texts = try texts(raw.key)
        let lines = PollTally.lines(
            options: try options(raw.key, texts), votes: try votes(raw.key),
            allowsMultiple: settings.contains(PollSettings.allowsMultiple))
        return PollState(
            question: raw.text, allowsMultiple: settings.contains(PollSettings.allowsMultiple),
            anyoneAdds: settings.contains(PollSettings.anyoneAdds),
            anyoneEdits: settings.contains(PollSettings.anyoneEdits), options: lines)
    }

    private func write(_ time: HybridTime, _ key: OpKey) throws -> Write {
        let dot = try catalog.dot(key, db)
        return Write(stamp: Stamp(time: time, replica: dot.replica), seq: dot.seq)
    }

    /// Rule M12: registers that start with what the poll op says.
    private func settings(_ row: OpKey, since first: Write) throws -> PollSettings {
        let base = try HotStatement(db, "SELECT settings FROM poll WHERE row = ?")
        base.bind(1, row.raw)
        var settings: PollSettings = []
        if try base.next() {
            settings = PollSettings(rawValue: UInt8(truncatingIfNeeded: base.int(0)))
            base.reset()
        }
        let query = try HotStatement(
            db, "SELECT setting, is_on, time, written FROM poll_setting WHERE row = ?")
        query.bind(1, row.raw)
        var changes: [(setting: UInt8, isOn: Bool, time: HybridTime, key: OpKey)] = []
        while try query.next() {
            changes.append(
                (
                    UInt8(truncatingIfNeeded: query.int(0)), query.int(1) != 0,
                    HybridTime(raw: UInt64(bitPattern: query.int(2))), OpKey(raw: query.int(3))
                ))
        }
        var winners: [UInt8: Write] = [:]
        for change in changes {
            let write = try write(change.time, change.key)
            guard write > winners[change.setting] ?? first else { continue }
            winners[change.setting] = write
            let setting = PollSettings(rawValue: 1 << change.setting)
            if change.isOn { settings.insert(setting) } else { settings.remove(setting) }
        }
        return settings
    }

    private func texts(_ row: OpKey) throws -> [Int64: Wording] {
        let query = try HotStatement(
            db, "SELECT option, time, written, text FROM poll_text WHERE row = ?")
        query.bind(1, row.raw)
        var found: [(Int64, HybridTime, OpKey, String)] = []
        while try query.next() {
            found.append(
                (
                    query.int(0), HybridTime(raw: UInt64(bitPattern: query.int(1))),
                    OpKey(raw: query.int(2)), query.text(3)
                ))
        }
        var texts: [Int64: Wording] = [:]
        for (option, time, key, text) in found {
            texts[option] = Wording(text: text, write: try write(time, key))
        }
        return texts
    }

    private func options(_ row: OpKey, _ texts: [Int64: Wording]) throws -> [PollOption] {
        let query = try HotStatement(
            db,
            """
            SELECT option, rank, time, written, text, EXISTS (
                SELECT 1 FROM poll_removed AS gone
                WHERE gone.row = poll_option.row AND gone.option = poll_option.option)
            FROM poll_option WHERE row = ? ORDER BY option
            """)
        query.bind(1, row.raw)
        var found: [(Int64, [UInt8], HybridTime, OpKey, String, Bool)] = []
        while try query.next() {
            found.append(
                (
                    query.int(0), query.bytes(1),
                    HybridTime(raw: UInt64(bitPattern: query.int(2))), OpKey(raw: query.int(3)),
                    query.text(4), query.int(5) != 0
                ))
        }
        return try found.map { key, rank, time, written, text, isRemoved in
            let write = try write(time, written)
            var text = text
            if let later = texts[key], later.write > write { text = later.text }
            switch try option(key) {
            case .own(let number):
                return PollOption(own: number, write: write, text: text, isRemoved: isRemoved)
            case .added(let dot):
                return PollOption(
                    added: dot, rank: rank, write: write, text: text, isRemoved: isRemoved)
            }
        }
    }

    private func votes(_ row: OpKey) throws -> [PollVote] {
        let query = try HotStatement(
            db,
            """
            SELECT name, option, is_on, time, op FROM vote
            JOIN person ON person.id = vote.person WHERE row = ?
            """)
        query.bind(1, row.raw)
        var found: [(String, Int64, Bool, HybridTime, OpKey)] = []
        while try query.next() {
            found.append(
                (
                    query.text(0), query.int(1), query.int(2) != 0,
                    HybridTime(raw: UInt64(bitPattern: query.int(3))), OpKey(raw: query.int(4))
                ))
        }
        return try found.compactMap { name, key, isOn, time, op in
            guard let user = UserID(name) else { return nil }
            return PollVote(
                user: user, option: try option(key), isOn: isOn, write: try write(time, op))
        }
    }

    private func option(_ key: Int64) throws -> OptionRef {
        key < 0 ? .own(Int(clamping: key.magnitude)) : .added(try catalog.dot(OpKey(raw: key), db))
    }
}
