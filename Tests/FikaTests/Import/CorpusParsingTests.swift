import Fika
import FikaChat
import FikaTestSupport
import Foundation
import Testing

/// Years of real chat, where somebody has unpacked them: FIKA_CORPUS names the folder.
struct CorpusParsingTests {
    @Test func `every line of the corpus is read`() throws {
        guard let folder = ProcessInfo.processInfo.environment["FIKA_CORPUS"] else {
            print("FIKA_CORPUS is not set: the whole corpus was not parsed")
            return
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".txt") }
        let log = try IRCLog(paths: names.sorted().map { folder + "/" + $0 }, zone: .gmt)
        let events = log.entries.count { $0.message.type == .event }
        #expect(events == 23_817)
        #expect(log.entries.count - events == 196_646)
    }
}
