/// A message that was just written here.
public struct SentMessage: Sendable, Identifiable {
    /// Names it for life.
    public let id: MessageID
    let workspace: Workspace

    /// What has become of it until now.
    public func delivery() async throws(FikaError) -> Delivery {
        let message = try await workspace.read { [id] in try $0.message(id) }
        let item = try await workspace.outbox().first { $0.first == id }
        return item?.delivery ?? message.delivery ?? .queued
    }
}
