import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    private static let batchBytes = 256 * 1024

    /// Sends the next positions of a lane, in order (rule D1).
    mutating func sendPositions<Log: RelayLog>(
        _ lane: inout Lane, _ place: LogState, to id: ConnectionID, _ log: Log
    ) throws {
        let first = lane.done + 1
        let last = min(lane.end(at: place.order.position), lane.done + lane.chunk)
        guard first <= last else { return }
        let placements = try place.placements(first...last, in: log)
        lane.done =
            placements.count < Limits.placementsMaximum
            ? last : placements.last?.lastPosition ?? last
        guard !placements.isEmpty else { return }
        if try sendBrief(placements, lane, place, to: id, log) { return }
        let ranges = placements.flatMap { placement in
            lane.lacking(placement.replica, placement.seq...placement.lastSeq)
                .map { (replica: placement.replica, seqs: $0) }
        }
        guard !ranges.isEmpty else {
            sendPlaced(placements, of: place.log, to: id)
            return
        }
        var exporter = try RangeExporter(
            log: place.log, of: log, ranges: ranges, withCards: false)
        guard let sealed = try exporter.next() else {
            sendPlaced(placements, of: place.log, to: id)
            return
        }
        if try exporter.next() != nil, lane.chunk > 1 {
            // Positions stay in order: what does not fit one segment is told in fewer steps.
            lane.done = first - 1
            lane.chunk = max(lane.chunk / 2, 1)
            return
        }
        let batch = Batch(log: place.log, placements: placements, segment: sealed.bytes)
        sendOps(.batch(batch), to: id)
        if batch.segment.count > Self.batchBytes {
            lane.chunk = max(lane.chunk / 2, 1)
        } else if batch.segment.count < Self.batchBytes / 4 {
            lane.chunk = min(lane.chunk * 2, UInt64(Limits.segmentOpsMaximum))
        }
    }

    /// Where one op is all that is missing it goes in the fewest bytes.
    private mutating func sendBrief<Log: RelayLog>(
        _ placements: [Placement], _ lane: Lane, _ place: LogState, to id: ConnectionID, _ log: Log
    ) throws -> Bool {
        guard lane.mayBeBrief, placements.count == 1, let placement = placements.first,
            placement.count == 1,
            lane.from + 1 == placement.position, place.order.position == placement.position,
            !lane.lacking(placement.replica, placement.seq...placement.seq).isEmpty
        else { return false }
        var exporter = try RangeExporter(
            log: place.log, of: log, ranges: [(placement.replica, placement.seq...placement.seq)],
            withCards: false)
        guard let sealed = try exporter.next() else { return false }
        let piece = Piece(sealed: sealed, placements: placements, isUploaded: false)
        let live = try liveFrame(piece, place, log)
        guard case .brief = live.frame else { return false }
        tellNames(live.replicas, of: place, body: live.bodyLog, to: id)
        sendOps(live.frame, to: id)
        return true
    }
}
