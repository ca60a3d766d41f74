import FikaLog
import FikaStore

extension FikaError {
    /// Says in the words of this API what went wrong below it.
    init(_ error: any Error, file: String = #fileID, line: Int = #line) {
        let (code, message) = Self.words(error)
        self.init(code, message, underlying: error, file: file, line: line)
    }

    private static func words(_ error: any Error) -> (Code, String) {
        switch error {
        case let error as FikaError: (error.code, error.message)
        case let error as StoreError: words(error)
        case let error as LogError: (.malformedInput, "\(error)")
        case let error as ImportError: (code(error.reason), "\(error)")
        case let error as ExportError: (code(error), "\(error)")
        case let error as CommandSocketError: words(error)
        default:
            if let error = StoreError(database: error) {
                words(error)
            } else {
                (.system, "\(error)")
            }
        }
    }

    private static func words(_ error: StoreError) -> (Code, String) {
        switch error {
        case .damaged(let what): (.damaged, "the store is damaged: \(what)")
        case .inUse(let process, let command):
            (.storeInUse, "the store is in use by process \(process) (\(command))")
        case .notFound(let path): (.notFound, "no store in \(path)")
        case .alreadyExists(let path): (.alreadyExists, "there is a store in \(path) already")
        case .newerFormat(let path): (.newerFormat, "\(path) was written by a later version")
        case .otherWorkspace(let id): (.otherWorkspace, "it is of another workspace, \(id)")
        case .refused(let refusal): (code(refusal), words(refusal))
        case .log(let error): (.malformedInput, "\(error)")
        case .system(let what): (.system, what)
        }
    }

    private static func code(_ refusal: Refusal) -> Code {
        switch refusal {
        case .unknownRoom, .unknownTarget: .notFound
        case .tooLarge: .invalidArgument
        case .notMember, .notAllowed, .needsUpgrade: .refused
        }
    }

    private static func words(_ refusal: Refusal) -> String {
        switch refusal {
        case .unknownRoom: "the room is not known here"
        case .notMember: "you are not a member of the room"
        case .notAllowed(let why): reasons[why] ?? "not allowed: \(why)"
        case .unknownTarget: "what it acts on is not known here, or of another kind"
        case .tooLarge(let what): "too large: \(what)"
        case .needsUpgrade: "the room holds ops that only a later version understands"
        }
    }

    /// What the names of the rules' refusals mean to a person.
    private static let reasons = [
        "notAuthor": "only who wrote it may do that",
        "notModerator": "only a moderator may do that",
        "notHere": "this is not possible in this kind of room",
        "notAllowedByPoll": "the poll's settings do not allow it",
        "beyondClose": "this device was closed in the room",
        "derivedLog": "who is in a private chat never changes",
        "notLastMember": "the room is archived; only its last member may let people in",
        "onItsWay": "it is queued and goes out by itself",
        "userLeft": "the user has left",
        "grantNotInEffect": "the user is not in the room",
    ]

    private static func code(_ reason: ImportError.Reason) -> Code {
        switch reason {
        case .unreadable: .system
        case .noDate, .dayTwice, .empty, .tooLarge, .invalidUTF8, .nul, .unknownForm, .noTime,
            .textTooLong, .nameTooLong, .tooManyInOneMinute:
            .malformedInput
        }
    }

    private static func code(_ error: ExportError) -> Code {
        switch error {
        case .system: .system
        case .otherWorkspace: .otherWorkspace
        case .noExport, .truncated, .badCount, .segment, .counts, .checksum, .trailingBytes:
            .malformedInput
        }
    }

    private static func words(_ error: CommandSocketError) -> (Code, String) {
        switch error {
        case .noListener: (.storeInUse, "the process that holds the store does not answer")
        case .timedOut, .closed:
            (
                .unanswered,
                "the process that holds the store took the command and did not answer; it may "
                    + "have been carried out"
            )
        case .tooLarge(let count, let limit):
            (.invalidArgument, "the command has \(count) bytes, more than \(limit)")
        case .foreignPeer: (.refused, "the store is held by another user of this machine")
        case .refused(let words), .system(let words): (.system, words)
        }
    }
}
