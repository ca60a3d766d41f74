import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

// What fills an order that was taken over (rules C2 and C3).
extension RelayState {
    /// Keeps ops of an order that is being filled, without a position; who brought no head waits.
    mutating func keep<Log: RelayLog>(
        _ upload: Upload, for place: LogState, from id: ConnectionID, _ log: inout Log
    ) throws {
        waitForFilling(of: place.log)
        guard connections[id]?.fillings[place.log] != nil else {
            for run in upload.verified.runs {
                let refusal = Refusal(
                    log: place.log, replica: run.replica, seq: run.first, action: .wait,
                    accepted: 0, retryAfter: 2000)
                refuse(refusal, on: id)
            }
            return
        }
        guard case .success = try AppendPlan.make(appending: upload.verified, to: log) else {
            return
        }
        _ = try log.append(upload.verified)
        let replicas = upload.verified.segment.replicas
        connections[id]?.brought[place.log, default: []].formUnion(replicas)
    }

    /// Takes placements that fill an order; once they join the head, they count.
    mutating func fill<Log: RelayLog>(
        _ placed: Placed, from id: ConnectionID, of reader: Reader, _ log: inout Log
    ) throws {
        if connections[id]?.secondOrders[placed.log] != nil {
            return try fillSecondOrder(placed, from: id, of: reader, &log)
        }
        guard connections[id]?.fillings[placed.log] != nil,
            var place = try logs.state(of: placed.log, from: log),
            place.order.reserved != nil
        else { return }
        let goesOn = connections[id]?.fillings[placed.log]?.add(placed.placements) ?? false
        guard goesOn, let filling = connections[id]?.fillings[placed.log], filling.isWhole else {
            return
        }
        if try contradicts(filling.claimed, place.order, log) {
            return try refute(place, on: id, &log)
        }
        let runs = try filling.proven(
            isAccess: { KindFlags(of: $0).contains(.access) },
            ops: { try log.ops(of: $0, in: placed.log, seqs: $1).map(\.claimed) })
        // Others may have filled a part of it meanwhile.
        let next = place.order.position + 1
        guard let runs, filling.start.position < next, next <= filling.head.position else { return }
        let rest = runs.compactMap { $0.placement.clipped(to: next...filling.head.position) }
        place = try fillIn(rest, place, reader, &log)
        if let reserved = place.order.reserved, place.order.position >= reserved.position {
            try goOn(place, &log)
        }
    }

    /// Whether an order has other ops than are claimed at positions that it gave already.
    private func contradicts<Log: RelayLog>(
        _ claims: [Placement], _ order: LogOrder, _ log: Log
    ) throws -> Bool {
        guard order.position > 0 else { return false }
        return try claims.contains { claim in
            guard let part = claim.clipped(to: 1...order.position) else { return false }
            let positions = part.position...part.lastPosition
            let own = try log.placements(in: order.log, positions: positions, limit: .max)
            return own.contains { own in
                guard let own = own.placement.clipped(to: positions) else { return false }
                return own.replica != part.replica
                    || own.seq != part.seq + (own.position - part.position)
            }
        }
    }

    /// What contradicts an order does not fill it: once nobody else does either, the order goes on,
    /// and is asked for as a second one.
    private mutating func refute<Log: RelayLog>(
        _ place: LogState, on id: ConnectionID, _ log: inout Log
    ) throws {
        connections[id]?.refuted.insert(place.log)
        let isFilled = connections.values.contains {
            $0.fillings[place.log] != nil && !$0.refuted.contains(place.log)
        }
        if !isFilled { try goOn(place, &log) }
    }

    /// Gives ops the positions that they had, and folds what follows from them.
    private mutating func fillIn<Log: RelayLog>(
        _ placements: [Placement], _ place: LogState, _ reader: Reader, _ log: inout Log
    ) throws -> LogState {
        var intake = Intake(place, reader: reader, acceptedAt: 0)
        intake.isGiving = false
        for placement in placements {
            intake.acceptedAt = max(placement.acceptedAt, intake.place.order.acceptedAt)
            guard let card = try log.card(of: placement.replica, in: place.log) else {
                preconditionFailure("ops are held of introduced replicas only")
            }
            if let preimage = card.introduction.preimage {
                intake.place.adopt(preimage, trusting: logs.trusted)
            }
            let range = (placement.replica, placement.seq...placement.lastSeq)
            for upload in try uploads(of: [range], in: place.log, log) {
                for index in upload.verified.segment.rows.indices {
                    _ = intake.take(index, of: upload.verified, by: card)
                }
                try flush(upload, &intake, &log, isUploaded: false)
                intake.pieces = []
            }
        }
        for user in intake.place.history.fold.preimage?.users ?? [] {
            let membership = LogMembership(
                log: place.log, isMember: true, changedAt: intake.acceptedAt)
            try log.setMembership(membership, of: user, in: intake.place.order.workspace)
        }
        subscriptionState += 1
        logs.put(intake.place)
        return intake.place
    }

    /// Hands out stored ops as if they had just been handed in.
    func uploads<Log: RelayLog>(
        of ranges: [(replica: ReplicaID, seqs: ClosedRange<UInt64>)], in id: LogID, _ log: Log
    ) throws -> [Upload] {
        var exporter = try RangeExporter(log: id, of: log, ranges: ranges, withCards: true)
        var uploads: [Upload] = []
        while let sealed = try exporter.next() {
            // What is stored was verified when it came.
            let verified = try SegmentVerifier.verify(
                sealed, known: { _ in nil }, check: { _ in nil })
            uploads.append(Upload(sealed: sealed, verified: verified))
        }
        return uploads
    }
}

extension LogState {
    /// Takes note of what a derived id is made of, before anything is folded.
    mutating func adopt(_ preimage: LogPreimage, trusting keys: Set<PublicKey>) {
        guard history.fold.preimage == nil, history.ops.isEmpty else { return }
        history = AccessFold(log: log, preimage: preimage, trustedRelays: keys)
            .history(of: [])
    }
}
