import FikaCRDT
import FikaLog
import FikaStore
import Foundation

extension Workspace {
    /// How the store stands; the links are those of the process that holds it.
    public func status() async throws(FikaError) -> WorkspaceStatus {
        let reports = await reportsOfHolder()
        return try await read { reader in try reader.status(reports) }
    }

    /// How the store stands, as it changes; `links` only of this process's.
    public var statusChanges: Observed<WorkspaceStatus> {
        observe { [links, access] reader in
            let reports = links.list.map { LinkReport($0) }
            return try reader.status(access == .holder ? reports : nil)
        }
    }

    /// Nil when nobody holds the store.
    private func reportsOfHolder() async -> [LinkReport]? {
        if access == .holder {
            return links.list.map { LinkReport($0) }
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
        let standing = try sync.standing()
        return WorkspaceStatus(
            workspace: profile.workspace.description, user: profile.user.text,
            device: profile.deviceName, isHeld: links != nil, links: links ?? [],
            relay: try settings.relayAddress().flatMap { RelayAddress($0) },
            relayKey: standing.relay.map { Self.hexadecimal($0.bytes) },
            epoch: standing.epoch.map { Self.hexadecimal($0.raw) },
            completeUntil: standing.completeUntil.map { Date(milliseconds: $0) },
            clockCorrection: standing.correction.map { Double($0) / 1000 },
            queued: items.count { $0 == .queued }, held: items.count { $0 == .held },
            refused: items.count(where: isRefused), logs: try inspector.logIDs().count,
            gaps: try gaps())
    }

    /// Rooms of which the relay told more than is here.
    private func gaps() throws -> [WorkspaceStatus.Gap] {
        let names = Dictionary(try rooms().map { ($0.id, $0.name) }) { first, _ in first }
        return try inspector.logIDs().compactMap { log in
            guard let progress = try sync.progress(of: log), !progress.isComplete else {
                return nil
            }
            let room = RoomID(log)
            return WorkspaceStatus.Gap(
                room: room, name: names[room] ?? "",
                missing: Int(clamping: progress.told - min(progress.held, progress.told)))
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        hexadecimal((0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }
}
