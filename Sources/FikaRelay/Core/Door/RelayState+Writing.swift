import FikaCRDT
import FikaChat
import FikaLog
import FikaSync

extension RelayState {
    /// Writes the accepted rows that are not yet written.
    mutating func flush<Log: RelayLog>(
        _ upload: Upload, _ intake: inout Intake, _ log: inout Log, isUploaded: Bool = true
    ) throws {
        guard !intake.rows.isEmpty else { return }
        let isWhole = intake.rows.count == upload.verified.segment.rows.count
        let part =
            isWhole
            ? upload
            : SegmentCut.cut(
                intake.rows.map(\.index), of: upload.verified, known: intake.place.cards)
        try writeOrder(&intake, &log)
        _ = try log.append(part.verified)
        let runs = intake.placedRuns()
        for run in runs { try log.place(run.placement, running: run.running, in: upload.log) }
        try writeNotes(&intake, &log)
        let rows = intake.rows
        intake.rows = []
        let erases = intake.isGiving || !PlantedBug.resurrectsErased.isPlanted
        var eraser = Eraser(place: intake.place)
        let hasErased = try erases && eraser.erase(for: rows, &log)
        intake.place.erasedImports.formUnion(eraser.imports)
        let placements = runs.map(\.placement)
        headsDue.insert(upload.log)
        note(.accepted(upload.log, count: rows.count))
        if hasErased {
            intake.pieces += try erasedPieces(placements, intake, log, isUploaded: isUploaded)
        } else {
            intake.pieces.append(
                Piece(sealed: part.sealed, placements: placements, isUploaded: isUploaded))
        }
    }

    private func writeOrder<Log: RelayLog>(_ intake: inout Intake, _ log: inout Log) throws {
        let isNew = intake.place.isNew
        intake.place.order.acceptedAt = intake.acceptedAt
        if intake.isGiving, intake.place.order.firstGiven == nil {
            intake.place.order.firstGiven = intake.rows.first?.position
        }
        try log.setOrder(intake.place.order)
        guard isNew else { return }
        intake.place.order.number = try log.order(of: intake.place.log)?.number ?? 0
        for user in intake.place.history.fold.preimage?.users ?? [] {
            intake.changes.append(Intake.MembershipChange(user: user, isMember: true))
        }
    }

    private func writeNotes<Log: RelayLog>(_ intake: inout Intake, _ log: inout Log) throws {
        let id = intake.place.log
        for replica in intake.touched.sorted() {
            guard let accepted = intake.place.replicas[replica] else { continue }
            try log.setAccepted(accepted, in: id)
        }
        intake.touched = []
        for op in intake.early { try log.noteEarly(op.dot, at: op.position, in: id) }
        intake.early = []
        for aim in intake.aims { try log.noteAim(of: aim.dot, at: aim.target, in: id) }
        intake.aims = []
        for change in intake.changes {
            let membership = LogMembership(
                log: id, isMember: change.isMember, changedAt: intake.acceptedAt)
            try log.setMembership(
                membership, of: change.user, in: intake.place.order.workspace)
        }
        intake.told += intake.changes
        intake.changes = []
    }

    /// Closes a replica at its accepted head, by the relay's own replica (rule A3).
    mutating func close<Log: RelayLog>(
        _ replica: AcceptedReplica, _ reason: CloseReason, _ intake: inout Intake,
        _ log: inout Log
    ) throws {
        let body = Close(
            replica: replica.replica, seq: replica.last, chain: replica.chain, reason: reason)
        let upload = try relayOps(closing: body, &intake)
        for (index, row) in upload.verified.segment.rows.enumerated() {
            let writer = upload.verified.segment.dot(row).replica
            guard let card = intake.place.cards[writer] else { continue }
            _ = intake.take(index, of: upload.verified, by: card)
        }
        try flush(upload, &intake, &log, isUploaded: false)
    }

    /// The relay's own next ops in a log, sealed: a close, and before it the introduction.
    private mutating func relayOps(closing body: Close, _ intake: inout Intake) throws -> Upload {
        var ops: [Op] = []
        var time = max(HybridTime(milliseconds: now), intake.place.order.highestTime.next)
        let id = intake.place.log
        let replica: ReplicaID
        if let known = intake.place.writer {
            replica = known
        } else {
            let introduction = Introduction(
                role: .relay, publicKey: key.publicKey,
                incarnation: Incarnation(using: &generator), user: nil, deviceName: "relay",
                preimage: intake.place.history.fold.preimage)
            replica = introduction.replica
            intake.place.writer = replica
            ops.append(
                Op(
                    kind: .introduction, id: OpID(log: id, replica: replica, seq: 1), time: time,
                    content: .body(introduction.body, salt: nil)))
            time = time.next
        }
        let accepted = intake.place.replicas[replica]
        let seq = (accepted?.last ?? 1) + 1
        ops.append(
            Op(
                kind: ChatKind.close.kind, id: OpID(log: id, replica: replica, seq: seq),
                time: time, content: .body(body.body, salt: nil)))
        let chain = accepted?.chain ?? Hashes.chainStart(log: id, replica: replica)
        guard let sealed = Sealer.seal(ops, after: chain, key: key).first else {
            preconditionFailure("two ops are a segment")
        }
        let cards = intake.place.cards
        let verified = try SegmentVerifier.verify(
            sealed, known: { cards[$0] }, check: { _ in nil })
        for card in verified.newCards { intake.place.cards[card.replica] = card }
        return Upload(sealed: sealed, verified: verified)
    }
}
