import Fika
import Foundation
import Synchronization

/// Tells how links stand, line by line, as it changes.
final class LinkLines: Sendable {
    private let text: LinkText
    private let isJSON: Bool
    private let isTerminal: Bool
    private let hasLine = Mutex(false)

    init(_ style: Style, isJSON: Bool, isTerminal: Bool = Terminal.isErrorTerminal) {
        text = LinkText(style)
        self.isJSON = isJSON
        self.isTerminal = isTerminal
    }

    /// Shows how far a sync is, on a terminal alone: a line that changes.
    func progress(_ state: Link.State) {
        guard isTerminal else { return }
        hasLine.withLock { $0 = true }
        StandardError.write("\r\(text.words(state))\u{1B}[K")
    }

    /// Shows the state of a link that stays.
    func show(_ state: Link.State, _ address: RelayAddress) {
        let report = LinkReport(address: address, state: state)
        write(isJSON ? JSONText.line(LinkRecord(report)) : "\(address): \(text.words(state))")
    }

    func listening(_ address: RelayAddress) {
        write(
            isJSON ? JSONText.line(["listening": address.description]) : "listening at \(address)")
    }

    func connections(_ count: Int) {
        let words = count == 1 ? "1 device is connected" : "\(count) devices are connected"
        write(isJSON ? JSONText.line(["connections": count]) : words)
    }

    /// Tells what came of a sync.
    func finish(
        _ outcome: SyncOutcome, _ address: RelayAddress, _ status: WorkspaceStatus
    ) throws(FikaError) {
        if hasLine.withLock({ $0 }) { StandardError.write("\r\u{1B}[K") }
        switch outcome {
        case .complete:
            write(
                isJSON
                    ? JSONText.text(StatusRecord(status))
                    : "up to date with \(address)" + text.leftover(status))
        case .waiting(let rooms):
            let it = rooms.count == 1 ? "it" : "them"
            throw FikaError(
                .waiting,
                "\(address) does not know \(text.names(rooms)); what is queued for \(it) goes out "
                    + "once somebody who has \(it) has synced")
        case .unreachable:
            let items = status.queued == 1 ? "item is" : "items are"
            let queued = status.queued == 0 ? "" : "; \(status.queued) queued \(items) kept"
            throw FikaError(.unreachable, "\(address) cannot be reached" + queued)
        case .refused(let error): throw error
        case .cancelled: break
        }
    }

    /// Writes a line that is there at once, whoever reads it.
    private func write(_ line: String) {
        print(line)
        fflush(nil)
    }
}
