import Fika
import Foundation

/// A page of a timeline as `--json` writes it.
struct PageRecord: Encodable {
    let room: RoomID
    let hasOlder: Bool
    let hasNewer: Bool
    /// Ops that the relay has and that are not here.
    let missing: Int
    let rows: [MessageRecord]
    /// What came late and stands above the page.
    let lateAbove: [MessageRecord]

    init(_ page: TimelinePage, lateAbove: [Message]) {
        room = page.room
        hasOlder = page.hasOlder
        hasNewer = page.hasNewer
        missing = page.missing
        rows = page.rows.map { MessageRecord($0) }
        self.lateAbove = lateAbove.map { MessageRecord($0) }
    }
}

/// Something new in a timeline that is followed, as `--json` writes it: one in a line.
struct FollowedRecord: Encodable {
    /// first, new, late or changed.
    let event: String
    let row: MessageRecord

    init(_ item: Following.Item) {
        event = item.kind.rawValue
        row = MessageRecord(item.message)
    }
}

/// A room as `--json` writes it.
struct RoomRecord: Encodable {
    let id: RoomID
    let kind: String
    let name: String
    let about: String
    let isMember: Bool
    /// Whether the counts are more than "at least".
    let isComplete: Bool
    let rows: Int
    let unread: Int
    let mentions: Int
    let last: MessageRecord?
    let members: [RoomMember]?

    init(_ room: RoomSummary, members: [RoomMember]? = nil) {
        id = room.id
        kind = room.kind.rawValue
        name = room.name
        about = room.about
        isMember = room.isMember
        isComplete = room.isComplete
        rows = room.rowCount
        unread = room.unreadCount
        mentions = room.mentionCount
        last = room.last.map { MessageRecord($0) }
        self.members = members
    }
}

/// What was written, as `--json` writes it.
struct WrittenRecord: Encodable {
    var message: MessageID?
    var short: String?
    var room: RoomID?

    init(message: MessageID) {
        self.message = message
        short = message.short
        room = message.room
    }

    init(room: RoomID) {
        self.room = room
        short = room.short
    }
}

/// That something is done, as `--json` writes it.
struct DoneRecord: Encodable {
    var done = true
    var read: Int?
}

/// A search as `--json` writes it.
struct SearchRecord: Encodable {
    let hits: [MessageRecord]
    let isIncomplete: Bool
}

/// An item of the outbox as `--json` writes it.
struct OutboxRecord: Encodable {
    let room: RoomID
    let first: MessageID
    let ops: Int
    let kind: String
    let text: String?
    let writtenAt: Date
    let delivery: String

    init(_ item: OutboxItem) {
        room = item.room
        first = item.first
        ops = item.opCount
        kind = item.kind
        text = item.text
        writtenAt = item.writtenAt
        delivery = DeliveryText.word(item.delivery)
    }
}

/// An op as `--json` writes it.
struct OpRecord: Encodable {
    let id: MessageID
    let kind: String
    let user: String?
    let time: Date
    let counter: Int
    let target: MessageID?
    let origin: MessageID?
    let state: String
    let position: UInt64?
    let summary: String
    let body: String
    let isErased: Bool
    let hash: String

    init(_ op: OpEntry) {
        id = op.id
        kind = op.kind
        user = op.user
        time = op.time
        counter = op.counter
        target = op.target
        origin = op.origin
        switch op.state {
        case .unsealed: (state, position) = ("unsealed", nil)
        case .pending: (state, position) = ("pending", nil)
        case .accepted(let at): (state, position) = ("accepted", at)
        }
        summary = op.summary
        body = InspectionText.hex(op.body)
        isErased = op.isErased
        hash = op.hash
    }
}

/// An explanation as `--json` writes it.
struct ExplanationRecord: Encodable {
    let subject: String
    let result: String
    let steps: [Step]

    struct Step: Encodable {
        let op: OpRecord
        let verdict: String
        let rule: String
        let reason: String
    }

    init(_ explanation: Explanation) {
        subject = explanation.subject
        result = explanation.result
        steps = explanation.steps.map {
            Step(
                op: OpRecord($0.op), verdict: $0.verdict.rawValue, rule: $0.rule,
                reason: $0.reason)
        }
    }
}
