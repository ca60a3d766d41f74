import FikaTestSupport

/// Bytes of imported lines in segments of 1024 above the same texts alone.
enum BulkBenchmark {
    static func run(_ report: inout Report) throws {
        let entries =
            if let path = IRCCorpus.path {
                try IRCCorpus.entries(path: path)
            } else {
                LoadImport.entries(count: 200_000)
            }
        let bulk = ImportedSegments(entries)
        let cost = bulk.cost
        let origin = IRCCorpus.path == nil ? "generated lines" : "corpus"
        report.add(.bulk, "ops of the \(origin)", Double(cost.opCount), "ops")
        report.add(.bulk, "texts, plain", cost.perOp(cost.textBytes), "B/op")
        report.add(.bulk, "texts alone, compressed", cost.perOp(cost.compressedTextBytes), "B/op")
        report.add(
            .bulk, "blocks without salts", cost.perOp(cost.blockBytes - cost.saltBytes), "B/op")
        report.add(
            .bulk, "above the texts",
            cost.bytesAbovePerOp(introductionBytes: bulk.introductionBytes), "B/op", goal: "≤ 6")
        report.add(.bulk, "salts", cost.perOp(cost.saltBytes), "B/op")
        report.add(.bulk, "seals", cost.perOp(cost.sealBytes), "B/op")
        report.add(.bulk, "chain values and tails", cost.perOp(cost.tailBytes), "B/op")
        report.add(.bulk, "introduction and source", Double(bulk.introductionBytes), "B")
    }
}
