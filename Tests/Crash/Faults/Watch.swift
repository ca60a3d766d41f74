/// A folder whose changes are noted, so that a loss of power can be played.
struct Watch {
    let folder: String
    let journal: String
    let counts: String

    init(_ folder: String, named name: String, in scratch: Scratch) {
        self.folder = folder
        journal = scratch.path("files/\(name).journal")
        counts = scratch.path("files/\(name).counts")
    }

    func settings(_ fault: Fault?) -> [String: String] {
        var settings = fault?.settings ?? [:]
        settings["FAULTS_FOLDER"] = folder
        settings["FAULTS_JOURNAL"] = journal
        settings["FAULTS_COUNTS"] = counts
        return settings
    }

    /// Nothing is unsynced from here on.
    func begin() throws {
        try Files.write([], to: journal)
    }

    var records: [JournalRecord] {
        JournalRecord.all(Files.bytes(journal) ?? [])
    }

    /// How many operations and reads the process counted that ended last.
    var counted: (operations: Int, reads: Int) {
        let words = String(decoding: Files.bytes(counts) ?? [], as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        return words.count == 2 ? (words[0], words[1]) : (0, 0)
    }
}
