import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

/// The one form in which ops go to everybody, and the numbers that it uses.
struct LiveFrame {
    var frame: Frame
    /// Replicas that are named by number.
    var replicas: [ReplicaID] = []
    /// A log that the body is about, named by number.
    var bodyLog: (log: LogID, number: UInt64)?
}

extension RelayState {
    /// Makes the frame of a piece: brief if it is one op.
    func liveFrame<Log: RelayLog>(
        _ piece: Piece, _ place: LogState, _ log: Log
    ) throws -> LiveFrame {
        if let brief = try briefFrame(piece, place, log) { return brief }
        let batch = Batch(
            log: place.log, placements: piece.placements, segment: piece.sealed.bytes)
        return LiveFrame(frame: .batch(batch))
    }

    private func briefFrame<Log: RelayLog>(
        _ piece: Piece, _ place: LogState, _ log: Log
    ) throws -> LiveFrame? {
        let segment = piece.sealed.segment
        guard segment.rows.count == 1, let row = segment.rows.first,
            let proof = piece.sealed.proofs.first, proof.tail.isEmpty,
            let seal = proof.seals.last, let placement = piece.placements.first
        else { return nil }
        let op = segment.op(row)
        var names = DownlinkNames(place: place)
        if op.kind == ChatKind.readMark.kind || op.kind == ChatKind.flag.kind,
            let about = LogID(bytes: (op.body ?? []).prefix(LogID.byteCount)),
            let number = try log.order(of: about)?.number,
            try logsOfSameReaders(about, place, log)
        {
            names.named = (about, number)
        }
        let brief = Brief(
            op, seal: seal.signature, base: base, names: names, position: placement.position,
            acceptedAt: placement.acceptedAt)
        guard let brief else { return nil }
        let named = [op.id.dot.replica] + (op.target.map { [$0.replica] } ?? [])
        return LiveFrame(
            frame: .brief(brief), replicas: named.filter { place.replicas[$0] != nil },
            bodyLog: names.named)
    }

    /// Whether all that may read a personal log may know the number of another one.
    private func logsOfSameReaders<Log: RelayLog>(
        _ about: LogID, _ place: LogState, _ log: Log
    ) throws -> Bool {
        try place.history.members.allSatisfy { member in
            try log.memberships(of: member.user, in: place.order.workspace)
                .contains { $0.log == about && $0.isMember }
        }
    }

    /// Tells a connection the numbers that are about to be used (rule D4).
    mutating func tellNames(
        _ replicas: [ReplicaID], of place: LogState, body: (log: LogID, number: UInt64)? = nil,
        to id: ConnectionID
    ) {
        if let body, connections[id]?.told.tell(body.log, number: body.number, replicas: []) != nil
        {
            send(.names(Names(log: body.log, number: body.number, replicas: [])), to: id)
        }
        guard !replicas.isEmpty else { return }
        let number = place.order.number
        let numbers = replicas.compactMap { place.replicas[$0]?.number }
        let new = connections[id]?.told.tell(place.log, number: number, replicas: numbers)
        guard let new else { return }
        let entries = new.compactMap { number in
            place.replicasByNumber[number].map {
                Names.ReplicaNumber(number: number, replica: $0)
            }
        }
        send(.names(Names(log: place.log, number: number, replicas: entries)), to: id)
    }

    /// What is sent to others of a piece in which bodies were erased on arrival.
    func erasedPieces<Log: RelayLog>(
        _ placements: [Placement], _ intake: Intake, _ log: Log, isUploaded: Bool
    ) throws -> [Piece] {
        var pieces: [Piece] = []
        for placement in placements {
            var exporter = try RangeExporter(
                log: intake.place.log, of: log,
                ranges: [(placement.replica, placement.seq...placement.lastSeq)],
                withCards: false)
            while let sealed = try exporter.next() {
                pieces.append(
                    Piece(
                        sealed: sealed,
                        placements: try intake.place.placements(of: sealed.ranges, in: log),
                        isUploaded: isUploaded))
            }
        }
        return pieces
    }
}

extension SealedSegment {
    /// Whose ops it holds.
    var ranges: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)] {
        segment.runs.map { (segment.replicas[Int($0.replica)], $0.first...$0.last) }
    }
}
