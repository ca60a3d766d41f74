import Fika
import Foundation

/// How a store stands as `--json` writes it.
struct StatusRecord: Encodable {
    let workspace: String
    let user: String
    let device: String
    let isHeld: Bool
    let links: [LinkRecord]
    let relay: String?
    let relayKey: String?
    let epoch: String?
    let completeUntil: Date?
    let clockCorrection: Double?
    let queued: Int
    let held: Int
    let refused: Int
    let logs: Int
    let gaps: [WorkspaceStatus.Gap]
    let outbox: [OutboxRecord]?

    init(_ status: WorkspaceStatus, items: [OutboxItem]? = nil) {
        (workspace, user, device) = (status.workspace, status.user, status.device)
        isHeld = status.isHeld
        links = status.links.map { LinkRecord($0) }
        relay = status.relay?.description
        relayKey = status.relayKey
        epoch = status.epoch
        completeUntil = status.completeUntil
        clockCorrection = status.clockCorrection
        (queued, held, refused) = (status.queued, status.held, status.refused)
        logs = status.logs
        gaps = status.gaps
        outbox = items?.map { OutboxRecord($0) }
    }
}

/// How a link stands as `--json` writes it.
struct LinkRecord: Encodable {
    let address: String
    let state: String
    let done: Int
    let total: Int
    let nextAttempt: Date?
    let reason: String?
    let unknownRooms: [RoomID]

    init(_ link: LinkReport) {
        address = link.address.description
        state = link.phase.rawValue
        (done, total) = (link.done, link.total)
        nextAttempt = link.nextAttempt
        reason = link.reason
        unknownRooms = link.unknownRooms
    }
}
