/// A situation of a relay and its people, and what they do then.
struct RelayStage {
    let name: String
    let relay: RelayProcess
    let folders: [String: FolderState]
    /// Who syncs, one after the other.
    let visitors: [String]
    /// How long the relay may do what nobody waits for before it is ended.
    let restMilliseconds: Int
    var operations = 0
    var reads = 0
    var records: [JournalRecord.Kind] = []
}
