import FikaStore

extension Workspace {
    /// How the store stands; the links are those of the process that holds it.
    public func status() async throws(FikaError) -> WorkspaceStatus {
        let reports = await reportsOfHolder()
        return try await read { reader in try reader.status(reports) }
    }

    /// How the store stands, as it changes; `links` only of this process's.
    public var statusChanges: Observed<WorkspaceStatus> {
        observe { [links, access] reader in
            let reports = links.list.map { LinkReport(address: $0.address, state: $0.state) }
            return try reader.status(access == .holder ? reports : nil)
        }
    }

    /// Nil when nobody holds the store.
    private func reportsOfHolder() async -> [LinkReport]? {
        if access == .holder {
            return links.list.map { LinkReport(address: $0.address, state: $0.state) }
        }
        let outcome = try? await Offload.run { [id, folder] in
            try CommandEnvelope.send(
                .reportLinks, workspace: id, folder: folder, timeout: .seconds(5))
        }
        guard case .links(let reports) = outcome else { return nil }
        return reports
    }
}

extension WorkspaceReader {
    func status(_ links: [LinkReport]?) throws -> WorkspaceStatus {
        let items = try outbox().map(\.delivery)
        let isRefused = { (delivery: Delivery) in
            if case .refused = delivery { true } else { false }
        }
        return WorkspaceStatus(
            isHeld: links != nil, links: links ?? [],
            relay: try settings.relayAddress().flatMap { RelayAddress($0) },
            queued: items.count { $0 == .queued }, held: items.count { $0 == .held },
            refused: items.count(where: isRefused), logs: try inspector.logIDs().count, gaps: [])
    }
}
