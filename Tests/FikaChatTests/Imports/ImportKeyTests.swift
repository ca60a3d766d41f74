import FikaChat
import FikaCRDT
import FikaLog
import FikaTestSupport
import Testing

@Suite struct ImportKeyTests {
    private let log = LogID(high: 1, low: 2)
    private let time = HybridTime(milliseconds: 0x0102_0304_0506, counter: 9)
    private let line = ImportedMessage(type: .action, author: "bo", ordinal: 2, text: "waves")

    @Test func `M23: the key is the start of the hash of exactly these bytes`() {
        let text: [UInt8] =
            Array("fika:im1".utf8) + log.bytes + [3] + Array("irc".utf8) + [6]
            + Array("ubuntu".utf8) + [0, 0, 1, 2, 3, 4, 5, 6] + [1] + [2] + Array("bo".utf8)
            + [2] + [5] + Array("waves".utf8)
        #expect(key().residue == Array(Hashes.digest(text).bytes.prefix(8)))
        #expect(ImportKey(residue: key().residue) == key())
        #expect(ImportKey(residue: [1, 2, 3]) == nil)
    }

    @Test func `M23: each part changes the key, the counter does not`() {
        let other = LogID(high: 1, low: 3)
        let keys = [
            key(),
            ImportKey(log: other, run: run(), time: time, line),
            ImportKey(log: log, run: run("xmpp"), time: time, line),
            ImportKey(log: log, run: run("irc", "ubunt"), time: time, line),
            ImportKey(log: log, run: run(), time: HybridTime(milliseconds: 7), line),
            key(ImportedMessage(type: .notice, author: "bo", ordinal: 2, text: "waves")),
            key(ImportedMessage(type: .action, author: "b", ordinal: 2, text: "owaves")),
            key(ImportedMessage(type: .action, author: "bo", text: "waves")),
            key(ImportedMessage(type: .action, author: "bo", ordinal: 2, text: "wave")),
        ]
        #expect(Set(keys).count == keys.count)
        let later = HybridTime(milliseconds: time.milliseconds, counter: 1)
        #expect(ImportKey(log: log, run: run(), time: later, line) == key())
    }

    private func run(_ source: String = "irc", _ channel: String = "ubuntu") -> ImportRun {
        ImportRun(source: source, channel: channel)
    }

    private func key(_ line: ImportedMessage? = nil) -> ImportKey {
        ImportKey(log: log, run: run(), time: time, line ?? self.line)
    }
}
