/// What was written here and is not yet accepted by a relay.
///
/// Nothing leaves it by age: what is refused stays, with its text, until somebody decides.
public struct Outbox: Sendable {
    let workspace: Workspace

    /// What is in it now: own writing in the order of writing, imports last.
    public func items() async throws(FikaError) -> [OutboxItem] {
        try await workspace.read { try $0.outbox() }
    }

    /// What is in it, as it changes.
    public var contents: Observed<[OutboxItem]> {
        workspace.observe { try $0.outbox() }
    }

    /// Takes an item that was refused or is held out of the list; its text stays in the log of
    /// this device.
    ///
    /// - Throws: ``FikaError``: `notFound`, or `refused` for an item that is on its way.
    public func discard(_ item: MessageID) async throws(FikaError) {
        try await workspace.perform(.discard(item))
    }

    /// Writes an item that was refused or is held once more, under the rules that hold now.
    ///
    /// - Throws: ``FikaError``: `notFound`, or `refused`, and the item is left as it is.
    public func sendAgain(_ item: MessageID) async throws(FikaError) {
        try await workspace.perform(.sendAgain(item))
    }
}
