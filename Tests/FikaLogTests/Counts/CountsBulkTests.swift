import FikaLog
import FikaTestSupport
import Testing

/// What bulk costs beside its texts, in bytes: the same on every machine.
struct CountsBulkTests {
    /// Bytes an op above the same texts alone, compressed in the same grouping.
    private static let bytesAboveMaximum = 6.0

    @Test func `imported lines cost at most 6 bytes an op above their texts`() {
        let bulk = ImportedSegments(LoadImport.entries(count: 4096))
        #expect(bulk.cost.opCount == 4098)
        #expect(
            bulk.cost.bytesAbovePerOp(introductionBytes: bulk.introductionBytes)
                <= Self.bytesAboveMaximum)
        #expect(bulk.cost.saltBytes == 8 * 4096)
    }

    @Test func `some days of a real channel cost at most 6 bytes an op above their texts`() throws {
        guard let path = IRCCorpus.path else {
            print("No corpus in ../shared/corpora: only generated lines were counted.")
            return
        }
        let bulk = ImportedSegments(try IRCCorpus.entries(path: path, days: 5))
        #expect(bulk.cost.opCount > 2000)
        #expect(
            bulk.cost.bytesAbovePerOp(introductionBytes: bulk.introductionBytes)
                <= Self.bytesAboveMaximum)
    }
}
