package import FikaChat
package import FikaCRDT

/// Names an option of a poll in a form that can be written down.
package struct OptionReference: Hashable, Sendable, Codable {
    /// The n-th option of the poll itself; nil for one that was added.
    package var number: Int?
    /// The message id of the op that added it.
    package var addition: MessageID?

    package init(_ option: OptionRef, in log: LogID) {
        switch option {
        case .own(let number): self.number = number
        case .added(let dot): addition = MessageID(log, dot)
        }
    }

    /// Nil when it names nothing.
    package var option: OptionRef? {
        if let addition { return .added(addition.op.dot) }
        return number.map { .own($0) }
    }
}
