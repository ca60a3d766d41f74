import FikaCRDT
import FikaChat
import FikaLog

/// The slow, obvious reading of `Specs/`: sets and sorts, everything from scratch each time.
///
/// It judges the incremental views, so it shares nothing with them but the decoding of bodies and
/// the form of the result.
package enum ReferenceModel {
    package static func result(of input: ModelInput) -> ModelResult {
        let log = ModelLog(id: input.log, held: input.ops)
        let judgement = ModelJudgement(log: log, trustedRelays: input.trustedRelays)
        let state = ModelTimeline(judgement).state
        let personal = ModelPersonal(input)
        let rows = state.rows.filter { mayBeUnread($0) && $0.author != .user(input.viewer) }
        func isRead(_ row: TimelineRow) -> Bool {
            judgement.identity.ids(of: row.id).contains { personal.isRead($0) }
        }
        let unread = rows.filter { $0.content != .deleted && !isRead($0) }
        let latestRead = rows.filter(isRead).map(\.stamp).max()
        return ModelResult(
            state: state,
            unread: unread.map(\.id),
            mentions: unread.filter { mentions($0).contains(input.viewer) }.map(\.id),
            lateAbove: unread.filter { row in latestRead.map { row.stamp < $0 } ?? false }
                .map(\.id),
            flags: personal.flags(of: input.log),
            outcomes: judgement.outcomes,
            ineffective: judgement.admission.access.ineffective,
            refusals: judgement.admission.refusals,
            isReadOnly: log.inOrder.contains { op in
                // One beyond a close is set aside before anybody asks for its kind (M2).
                KindFlags(of: op.op.kind).contains(.critical)
                    && judgement.outcomes[op.dot] == .unsupported
            })
    }

    /// Whether a row is somebody's message or poll, deleted or not; imported lines are nobody's.
    private static func mayBeUnread(_ row: TimelineRow) -> Bool {
        guard case .user = row.author else { return false }
        switch row.content {
        case .message, .poll, .deleted: return true
        case .imported, .system: return false
        }
    }

    private static func mentions(_ row: TimelineRow) -> [UserID] {
        if case .message(_, let mentions, _) = row.content { return mentions }
        return []
    }
}
