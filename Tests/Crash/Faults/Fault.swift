/// What happens to a process at one of its file operations.
struct Fault {
    enum Way: String, CaseIterable {
        case crash, eio, enospc, fsync, read
    }

    let way: Way
    /// Counted from 1; reads count apart.
    let operation: Int
    /// A file until whose existence the fault lasts; nil when it happens once.
    var until: String?
    /// Whether the disk says that it synced, and did not.
    var lies = false

    /// The variables that the shim reads.
    var settings: [String: String] {
        var settings = ["FAULTS_AT": "\(operation)", "FAULTS_WAY": way.rawValue]
        settings["FAULTS_UNTIL"] = until
        if lies { settings["FAULTS_LIES"] = "1" }
        return settings
    }
}
