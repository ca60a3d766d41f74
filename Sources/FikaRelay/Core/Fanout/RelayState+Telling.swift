import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Tells everybody what became of an upload: acks, live ops, refusals, who came and who went.
    mutating func tell<Log: RelayLog>(
        _ intake: Intake, from id: ConnectionID, answering bringers: [ConnectionID], _ log: Log
    ) throws {
        var intake = intake
        try acknowledge(intake, on: id, log)
        var newcomers = newcomers(intake)
        // Whoever made the log has it.
        if intake.from == 0 { newcomers.remove(id) }
        if !intake.pieces.isEmpty {
            let isOther = !newcomers.isEmpty || !intake.told.isEmpty
            if isOther, !PlantedBug.tellsRemovedMembers.isPlanted { subscriptionState += 1 }
            let subscribers = subscribers(&intake.place)
            logs.put(intake.place)
            for piece in intake.pieces {
                try forward(piece, of: intake, from: id, to: subscribers, newcomers, log)
            }
        }
        for bringer in bringers {
            for refusal in intake.refusals { refuse(refusal, on: bringer) }
        }
        let place = intake.place
        if intake.pieces.contains(where: { !$0.isUploaded }), !place.admits(intake.reader) {
            showEnd(of: place.log, on: id)
        }
        if wroteAfterTheEnd(intake) { try sayEnded(place.log, of: intake.reader, on: id, log) }
        for user in Set(intake.told.map(\.user)).sorted() {
            let reader = Reader(workspace: place.order.workspace, user: user)
            for connection in connectionsByReader[reader] ?? [] {
                if place.history.role(of: user) == nil {
                    try sayEnded(place.log, of: reader, on: connection, log)
                } else if newcomers.contains(connection), connections[connection]?.isOpen == true {
                    try follow(place.log, from: 0, on: connection, log)
                }
            }
        }
    }

    /// Whether somebody who is in no more brought what was taken before, or is refused: who had no
    /// cursor to show was not told of the end (rule R7).
    private func wroteAfterTheEnd(_ intake: Intake) -> Bool {
        let isTurnedAway = intake.refusals.contains {
            $0.action == .closed || $0.action == .refused
        }
        let (place, reader) = (intake.place, intake.reader)
        return (isTurnedAway || !intake.repeated.isEmpty)
            && !intake.told.contains { $0.user == reader.user }
            && place.order.workspace == reader.workspace && !place.admits(reader)
            && place.endOfMembership(of: reader.user) != nil
    }

    /// Connections of users who became members: they get the log from its start.
    private func newcomers(_ intake: Intake) -> Set<ConnectionID> {
        var newcomers: Set<ConnectionID> = []
        for change in intake.told where change.isMember {
            let reader = Reader(workspace: intake.place.order.workspace, user: change.user)
            newcomers.formUnion(connectionsByReader[reader] ?? [])
        }
        return newcomers
    }

    /// What was accepted before is acknowledged again (rule U2).
    private mutating func acknowledge<Log: RelayLog>(
        _ intake: Intake, on id: ConnectionID, _ log: Log
    ) throws {
        guard !intake.repeated.isEmpty else { return }
        let placements = try intake.place.placements(of: intake.repeated, in: log)
        sendPlaced(placements, of: intake.place.log, to: id)
    }

    mutating func sendPlaced(_ placements: [Placement], of log: LogID, to id: ConnectionID) {
        guard !PlantedBug.losesAcknowledgements.isPlanted else { return }
        connections[id]?.catchUp.told(log)
        var rest = placements[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Limits.placementsMaximum))
            rest = rest.dropFirst(part.count)
            send(.placed(Placed(log: log, placements: part)), to: id)
        }
    }

    /// The open connections of a log's members, rising.
    mutating func subscribers(_ place: inout LogState) -> [ConnectionID] {
        if place.subscribersAsOf == subscriptionState { return place.subscribers }
        let workspace = place.order.workspace
        place.subscribers = place.history.members.flatMap { member in
            connectionsByReader[Reader(workspace: workspace, user: member.user)] ?? []
        }.sorted()
        place.subscribersAsOf = subscriptionState
        return place.subscribers
    }

    /// Sends a piece to all that are up to date, the same bytes to each (rule D4).
    private mutating func forward<Log: RelayLog>(
        _ piece: Piece, of intake: Intake, from id: ConnectionID, to subscribers: [ConnectionID],
        _ newcomers: Set<ConnectionID>, _ log: Log
    ) throws {
        let place = intake.place
        if piece.isUploaded { sendPlaced(piece.placements, of: place.log, to: id) }
        guard let first = piece.placements.first?.position else { return }
        let recipients = subscribers.filter {
            !newcomers.contains($0) && !($0 == id && piece.isUploaded)
        }
        guard !recipients.isEmpty else { return }
        let live = try liveFrame(piece, place, log)
        let bytes = live.frame.encode()
        let numbers = live.replicas.compactMap { place.replicas[$0]?.number }
        var told: [ConnectionID] = []
        told.reserveCapacity(recipients.count)
        for recipient in recipients {
            // One look-up for each: there are many more recipients than ops.
            let offer = connections[recipient]?.offer(
                bytes.count, of: place.log, number: place.order.number, replicas: numbers)
            switch offer {
            case nil, .notNow: continue
            case .beyondCredit:
                fallBehind(recipient, in: place, after: first - 1)
                continue
            case .taken where live.bodyLog == nil: break
            case .taken, .takenAfterNames:
                tellNames(live.replicas, of: place, body: live.bodyLog, to: recipient)
            }
            told.append(recipient)
        }
        guard !told.isEmpty else { return }
        actions.append(.broadcast(bytes, to: told))
        note(.forwarded(place.log, connections: told.count))
    }

    /// A consumer without credit is sent the rest from the log.
    private mutating func fallBehind(
        _ id: ConnectionID, in place: LogState, after position: UInt64
    ) {
        guard !PlantedBug.forgetsWhoFellBehind.isPlanted else { return }
        let lane = Lane(
            from: position, to: place.order.position, isPersonal: place.isPersonal)
        connections[id]?.catchUp.add(place.log, lane)
        note(.fellBehind(id, place.log))
    }

    /// The user may not read a log any more (rule R7).
    mutating func sayEnded<Log: RelayLog>(
        _ id: LogID, of reader: Reader, on connection: ConnectionID, _ log: Log
    ) throws {
        guard let place = try logs.state(of: id, from: log), connections[connection] != nil else {
            return
        }
        if connections[connection]?.catchUp.contains(id) == true {
            // It was told that something follows: that this is over has to be said as well.
            connections[connection]?.catchUp.remove(id)
            connections[connection]?.syncedAt = nil
        }
        let status = LogStatus(
            log: id, state: .ended, position: place.endOfMembership(of: reader.user) ?? 0)
        send(.status(status), to: connection)
        connections[connection]?.comparing.remove(id)
        showEnd(of: id, on: connection)
    }

    /// Hands out the end of a log, and the closes of the user's replicas, once for all that came.
    private mutating func showEnd(of id: LogID, on connection: ConnectionID) {
        if connections[connection]?.requests.last != .ended(id) {
            connections[connection]?.requests.append(.ended(id))
        }
        hungry.insert(connection)
    }
}

extension LogState {
    /// The position of the op that ended a user's membership; nil when the user was never in.
    func endOfMembership(of user: UserID) -> UInt64? {
        for op in history.ops.reversed() {
            if case .accepted(let position) = op.point, history.role(of: user, at: op.point) != nil
            {
                return position
            }
        }
        return nil
    }
}
