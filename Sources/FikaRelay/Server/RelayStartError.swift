import FikaNet
import FikaStore

/// Why a relay does not start.
public enum RelayStartError: Error, Hashable, Sendable {
    /// Another process serves the folder.
    case folderInUse(processID: Int32, command: String)
    /// The folder cannot be used; the text says why.
    case cannotOpen(String)
    /// The address cannot be listened at; the text says why.
    case cannotBind(String)
    /// The address is beyond this machine, which was not allowed.
    case notLoopback(String)
    /// A text is no key.
    case notAKey(String)

    init(_ error: ListenError) {
        switch error {
        case .cannotBind(let why): self = .cannotBind(why)
        case .notLoopback(let host): self = .notLoopback(host)
        }
    }

    /// What an error while opening the folder means.
    init(opening error: any Error) {
        switch (error as? StoreError) ?? StoreError(database: error) {
        case .inUse(let processID, let command):
            self = .folderInUse(processID: processID, command: command)
        case .newerFormat(let path):
            self = .cannotOpen("\(path) was written by a later version of fikad")
        case .damaged(let what): self = .cannotOpen("damaged: \(what)")
        case .system(let what): self = .cannotOpen(what)
        case .notFound, .alreadyExists, .otherWorkspace, .refused, .log, nil:
            self = .cannotOpen("\(error)")
        }
    }
}
