/// Why something was not done; what was stored before is as it was.
///
/// The network never throws: what becomes of a message that was written is a ``Delivery``.
public struct FikaError: Error, Sendable {
    /// What kind of error it is.
    public let code: Code
    /// What happened, in one line, with place and reason.
    public let message: String
    /// The error below, where there is one.
    public let underlying: (any Error)?
    /// Where in Fika's source it arose.
    public let file: String
    /// The line in ``file``.
    public let line: Int

    /// Creates an error.
    public init(
        _ code: Code, _ message: String, underlying: (any Error)? = nil,
        file: String = #fileID, line: Int = #line
    ) {
        self.code = code
        self.message = message
        self.underlying = underlying
        self.file = file
        self.line = line
    }

    /// What kind of error it is; new kinds may come.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Value: String {
            case notFound, alreadyExists, storeInUse, refused, malformedInput, damaged
            case newerFormat, otherWorkspace, invalidArgument, ambiguous, unanswered, system
            case unreachable, waiting
        }

        private let value: Value

        private init(_ value: Value) {
            self.value = value
        }

        /// Nothing here has that name or id.
        public static let notFound = Code(.notFound)
        /// What was to be made is there already.
        public static let alreadyExists = Code(.alreadyExists)
        /// Another process holds the store and does not carry out commands.
        public static let storeInUse = Code(.storeInUse)
        /// A rule of the room says no.
        public static let refused = Code(.refused)
        /// Bytes from outside are not what they should be; nothing of them was stored.
        public static let malformedInput = Code(.malformedInput)
        /// Something stored is not as it was written.
        public static let damaged = Code(.damaged)
        /// A later version wrote it.
        public static let newerFormat = Code(.newerFormat)
        /// It belongs to another workspace.
        public static let otherWorkspace = Code(.otherWorkspace)
        /// A text, a name or a number is outside of what is allowed.
        public static let invalidArgument = Code(.invalidArgument)
        /// A shortened name or id means several things.
        public static let ambiguous = Code(.ambiguous)
        /// The process that holds the store took the command and did not answer: it may have been
        /// carried out.
        public static let unanswered = Code(.unanswered)
        /// The other end of a connection cannot be reached; only programs that were asked to
        /// connect once say so.
        public static let unreachable = Code(.unreachable)
        /// What was to be sent waits for somebody else; only programs that were asked to send once
        /// say so.
        public static let waiting = Code(.waiting)
        /// The system said no.
        public static let system = Code(.system)

        /// The code's name.
        public var description: String { value.rawValue }

        init?(name: String) {
            guard let value = Value(rawValue: name) else { return nil }
            self.init(value)
        }
    }
}

extension FikaError: Equatable {
    /// Errors are equal when their codes are.
    public static func == (left: FikaError, right: FikaError) -> Bool {
        left.code == right.code
    }
}

extension FikaError: CustomStringConvertible {
    /// The message.
    public var description: String { message }
}
