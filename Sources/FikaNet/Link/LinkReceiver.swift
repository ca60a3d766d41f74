import FikaSync

/// Tells a link what comes through one of its connections.
final class LinkReceiver<Session: SyncSession & Sendable>: FrameReceiver {
    private let attempt: UInt64
    private let inbox: Inbox<LinkEvent<Session>>

    init(attempt: UInt64, inbox: Inbox<LinkEvent<Session>>) {
        self.attempt = attempt
        self.inbox = inbox
    }

    /// The link is told with the connection itself.
    func opened(_ handler: FrameHandler) {}

    func received(_ group: FrameGroup, from handler: FrameHandler) {
        inbox.add(.received(attempt: attempt, group))
    }

    func broken(_ failure: Failure, from handler: FrameHandler) {
        inbox.add(.broken(attempt: attempt, failure))
    }

    func closed(_ handler: FrameHandler) {
        inbox.add(.lost(attempt: attempt))
    }
}
