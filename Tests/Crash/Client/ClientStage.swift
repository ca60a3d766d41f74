/// A step with all that it starts from, so that it can be taken again and again.
struct ClientStage {
    let name: String
    let needsRelay: Bool
    let arguments: [String]
    /// The folders before it: of the one who does it, of the others, of the relay.
    let folders: [String: FolderState]
    let person: Person
    /// What it did when nothing failed.
    let reads: Int
    let records: [JournalRecord.Kind]
    /// True before it, and once it returned.
    let before: [String: Fact]
    let after: [String: Fact]
}
