import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// How long an order that was taken over waits for who can fill it.
    static let fillingWithin: UInt64 = 10 * 60 * 1000

    /// Looks at a head that a client brings; true when the log's order is to be filled up to it
    /// before anything else (rules C2 and S4).
    mutating func isTaken<Log: RelayLog>(
        _ head: Head, of reader: Reader, on id: ConnectionID, _ log: inout Log
    ) throws -> Bool {
        var place = try logs.state(of: head.log, from: log)
        if let place, place.order.workspace != reader.workspace { return false }
        let verdict = HeadVerdict(
            of: head, order: place?.order,
            running: try place?.running(at: head.position, in: log), epoch: epoch,
            keys: [key.publicKey] + settings.succeeded)
        switch verdict {
        case .untrusted, .contained: return false
        case .isSecondOrder where place?.order.reserved == nil,
            .takesOver where connections[id]?.refuted.contains(head.log) == true:
            return try askForSecondOrder(head, on: id, log)
        case .provesLoss:
            try beginAgain(&log)
            return true
        case .takesOver:
            place = try reserve(head, in: reader.workspace, place, &log)
        case .withinReserved, .isSecondOrder: break
        }
        guard let place, let reserved = place.order.reserved else { return false }
        let cursor = Cursor(position: place.order.position, running: place.order.running)
        connections[id]?.fillings[head.log] = OrderFilling(
            after: cursor, access: place.order.access, upTo: head)
        waitForFilling(of: head.log)
        send(.haves(try stored(head.log, upTo: reserved, in: log)), to: id)
        return true
    }

    /// Begins a new epoch: the relay lost what it had signed (rule S5).
    mutating func beginAgain<Log: RelayLog>(_ log: inout Log) throws {
        for var order in try log.orders() {
            order.firstGiven = nil
            order.relay = nil
            order.reserved = nil
            try log.setOrder(order)
        }
        let epoch = Epoch(raw: generator.next())
        try log.begin(epoch)
        begin(epoch)
    }

    private mutating func waitForFilling(of log: LogID) {
        if takenOverAt[log] == nil { takenOverAt[log] = now }
    }

    private mutating func reserve<Log: RelayLog>(
        _ head: Head, in workspace: WorkspaceID, _ place: LogState?, _ log: inout Log
    ) throws -> LogState? {
        let start = RunningHash.start(log: head.log)
        var order =
            place?.order
            ?? LogOrder(log: head.log, workspace: workspace, running: start, access: start)
        order.reserved = head
        try log.setOrder(order)
        if var place = try logs.take(head.log, from: log) {
            place.order.reserved = head
            logs.put(place)
        }
        return try logs.state(of: head.log, from: log)
    }

    /// All that is stored of a log, placed or not.
    func stored<Log: RelayLog>(
        _ id: LogID, upTo head: Head, in log: Log
    ) throws -> Haves {
        var replicas: [Haves.ReplicaIntervals] = []
        for replica in try log.replicas(of: id) {
            let have = try log.have(of: replica, in: id)
            guard !have.intervals.isEmpty else { continue }
            replicas.append(
                Haves.ReplicaIntervals(
                    replica: replica,
                    intervals: have.intervals.map {
                        Haves.Interval(seqs: $0.first...$0.last, end: $0.end)
                    }))
        }
        return Haves(log: id, head: head, replicas: replicas)
    }

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

    /// Gives up to wait for who could fill an order: it goes on from what is filled.
    mutating func giveUpFillings<Log: RelayLog>(_ log: inout Log) throws {
        for (id, since) in takenOverAt.sorted(by: { $0.key < $1.key })
        where now >= since + Self.fillingWithin {
            guard let place = try logs.state(of: id, from: log) else { continue }
            try log.transaction { try goOn(place, &$0) }
        }
    }

    /// The order goes on: what came beyond it meanwhile is let through the door, and whoever waited
    /// is told to compare again.
    private mutating func goOn<Log: RelayLog>(_ place: LogState, _ log: inout Log) throws {
        var place = place
        takenOverAt[place.log] = nil
        place.order.reserved = nil
        try log.setOrder(place.order)
        let members = subscribers(&place)
        logs.put(place)
        let waiting = connections.keys.sorted().filter {
            connections[$0]?.fillings.removeValue(forKey: place.log) != nil
        }
        // Who is a member by what was filled has been told nothing of the log.
        for id in members where !waiting.contains(id) {
            guard connections[id]?.isUpToDate(in: place.log) == true else { continue }
            try follow(place.log, from: 0, on: id, log)
        }
        if let first = waiting.first, let reader = connections[first]?.reader {
            try admitStored(of: place.log, for: reader, on: first, &log)
        }
        try sayEnded(place, log)
        for id in waiting {
            guard let reader = connections[id]?.reader, place.admits(reader) else { continue }
            let position = try logs.state(of: place.log, from: log)?.order.position ?? 0
            sayCompare(LogStatus(log: place.log, state: .compare, position: position), to: id)
        }
    }

    /// Who is a member no more by what was filled may have been one by what was filled before.
    private mutating func sayEnded<Log: RelayLog>(_ place: LogState, _ log: Log) throws {
        let former = connectionsByReader.keys.filter {
            $0.workspace == place.order.workspace && !place.admits($0)
                && place.endOfMembership(of: $0.user) != nil
        }
        for reader in former.sorted(by: { $0.user < $1.user }) {
            for id in connectionsByReader[reader] ?? [] where connections[id]?.isOpen == true {
                try sayEnded(place.log, of: reader, on: id, log)
            }
        }
    }

    private mutating func admitStored<Log: RelayLog>(
        of id: LogID, for reader: Reader, on connection: ConnectionID, _ log: inout Log
    ) throws {
        for replica in try log.replicas(of: id) {
            let accepted = try logs.state(of: id, from: log)?.replicas[replica]?.last ?? 0
            guard let first = try log.have(of: replica, in: id).intervals.first,
                first.first <= accepted + 1, first.last > accepted
            else { continue }
            for upload in try uploads(of: [(replica, accepted + 1...first.last)], in: id, log) {
                try admit(upload, from: connection, of: reader, &log)
            }
        }
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
