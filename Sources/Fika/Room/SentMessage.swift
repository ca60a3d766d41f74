/// A message that was just written here.
public struct SentMessage: Sendable, Identifiable {
    /// Names it for life.
    public let id: MessageID
    let workspace: Workspace

    /// What has become of it until now.
    public func currentDelivery() async throws(FikaError) -> Delivery {
        try await workspace.read { [id] in try $0.delivery(id) }
    }

    /// What becomes of it, from now on; it ends with its acceptance, which is final.
    public var delivery: Observed<Delivery> {
        workspace.observe { [id] in try $0.delivery(id) }.through { delivery in
            if case .accepted = delivery { true } else { false }
        }
    }
}
