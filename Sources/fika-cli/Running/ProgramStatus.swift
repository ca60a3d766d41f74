import ArgumentParser
package import Fika

/// What the program's exit codes mean.
package enum ProgramStatus: Int32, CaseIterable, Sendable {
    case done = 0
    /// A rule says no, or there is no such thing, or several.
    case refused = 1
    /// Bad input from outside, or damaged data.
    case badData = 2
    case usage = 64
    /// The system said no: a file, the disk.
    case system = 71
    /// Later: another process has the store, the relay cannot be reached, or does not know a room.
    case inUse = 75

    /// The exit code of an error.
    package init(_ error: FikaError) {
        self =
            switch error.code {
            case .notFound, .alreadyExists, .refused, .ambiguous: .refused
            case .malformedInput, .damaged, .newerFormat, .otherWorkspace: .badData
            case .invalidArgument: .usage
            case .storeInUse, .unanswered, .unreachable, .waiting: .inUse
            default: .system
            }
    }

    var code: ExitCode { ExitCode(rawValue) }
}
