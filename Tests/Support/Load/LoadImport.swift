import FikaSimulation
import FikaCRDT
import FikaChat
package import Fika

/// Generated lines as if imported from a channel: many nicks, times to the minute.
package enum LoadImport {
    package static func entries(count: Int, seed: UInt64 = 1) -> [ImportedEntry] {
        var generator = SplitMix64(seed: seed)
        let vocabulary = LoadVocabulary()
        let nicks = (0..<600).map { _ in
            generator.array(count: 3...10) { $0.pick(Array("abcdefghiklmnoprstuvy_")) }
        }
        var minute: UInt64 = 28_000_000
        var lineInMinute: UInt16 = 0
        var talking = [generator.pick(nicks)]
        return (0..<count).map { _ in
            if generator.oneIn(4) {
                minute += 1
                lineInMinute = 0
            } else {
                lineInMinute += 1
            }
            // A few talk at a time; now and then one goes and another comes.
            if generator.oneIn(5) { talking.append(generator.pick(nicks)) }
            if talking.count > 12 { talking.removeFirst() }
            return ImportedEntry(
                time: HybridTime(milliseconds: minute * 60_000, counter: lineInMinute),
                message: ImportedMessage(
                    type: .message, author: String(generator.pick(talking)),
                    text: vocabulary.text(&generator)))
        }
    }
}
