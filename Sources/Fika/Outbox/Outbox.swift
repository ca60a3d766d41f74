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
}
