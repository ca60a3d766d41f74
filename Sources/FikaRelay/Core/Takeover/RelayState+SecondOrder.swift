import FikaCRDT
import FikaChat
import FikaLog
import FikaNet
import FikaSync

// Another order of the same relay that its own contradicts (rules S4 and C3): what it covers was
// let in once, so it is appended in that order and not judged again.
extension RelayState {
    /// Asks whoever brings a second order for all of it; false when it was asked before.
    mutating func askForSecondOrder<Log: RelayLog>(
        _ head: Head, on id: ConnectionID, _ log: Log
    ) throws -> Bool {
        guard connections[id]?.appended.contains(head.log) == false else { return false }
        connections[id]?.secondOrders[head.log] = SecondOrder(upTo: head, since: now)
        send(.haves(try stored(head.log, upTo: head, in: log)), to: id)
        return true
    }

    /// Keeps an upload that belongs to a second order; false when there is none.
    mutating func keepForSecondOrder<Log: RelayLog>(
        _ upload: Upload, from id: ConnectionID, _ log: inout Log
    ) throws -> Bool {
        guard connections[id]?.secondOrders[upload.log] != nil else { return false }
        connections[id]?.secondOrders[upload.log]?.keep(upload)
        if connections[id]?.secondOrders[upload.log]?.isTooLarge == true {
            try giveUpSecondOrder(of: upload.log, on: id, &log)
        }
        return true
    }

    /// Takes placements of a second order; once they join its head, its ops are appended.
    mutating func fillSecondOrder<Log: RelayLog>(
        _ placed: Placed, from id: ConnectionID, of reader: Reader, _ log: inout Log
    ) throws {
        let goesOn = connections[id]?.secondOrders[placed.log]?.filling.add(placed.placements)
        guard goesOn == true else {
            return try giveUpSecondOrder(of: placed.log, on: id, &log)
        }
        guard let second = connections[id]?.secondOrders[placed.log], second.filling.isWhole
        else { return }
        guard let runs = try second.proven(in: log),
            let place = try logs.take(placed.log, from: log)
        else { return try giveUpSecondOrder(of: placed.log, on: id, &log) }
        for upload in second.uploads {
            // A branch that is not the accepted one is left out.
            guard case .success = try AppendPlan.make(appending: upload.verified, to: log) else {
                continue
            }
            _ = try log.append(upload.verified)
        }
        var intake = Intake(place, reader: reader, acceptedAt: acceptanceTime)
        for run in runs { try append(run.placement, &intake, &log) }
        logs.put(intake.place)
        try tell(intake, from: id, answering: [id], log)
        compareAgain(placed.log, position: intake.place.order.position, on: id)
    }

    /// Appends what of a placement has no position yet, up to its replica's close.
    private mutating func append<Log: RelayLog>(
        _ placement: Placement, _ intake: inout Intake, _ log: inout Log
    ) throws {
        let replica = placement.replica
        let first = max(placement.seq, (intake.place.replicas[replica]?.last ?? 0) + 1)
        guard first <= placement.lastSeq,
            let card = try log.card(of: replica, in: intake.place.log)
        else { return }
        let range = (replica: replica, seqs: first...placement.lastSeq)
        for upload in try uploads(of: [range], in: intake.place.log, log) {
            let segment = upload.verified.segment
            for (index, row) in segment.rows.enumerated() {
                let accepted = intake.place.replicas[replica]
                guard row.seq == (accepted?.last ?? 0) + 1, row.seq <= accepted?.closedAt ?? .max
                else { break }
                guard let left = intake.take(index, of: upload.verified, by: card) else { continue }
                try flush(upload, &intake, &log, isUploaded: false)
                for open in intake.place.openReplicas(of: left) {
                    try close(open, .removed, &intake, &log)
                }
            }
            try flush(upload, &intake, &log, isUploaded: false)
        }
    }

    /// What was brought of a second order that is not proven goes through the door.
    private mutating func giveUpSecondOrder<Log: RelayLog>(
        of id: LogID, on connection: ConnectionID, _ log: inout Log
    ) throws {
        guard let second = connections[connection]?.secondOrders.removeValue(forKey: id),
            let reader = connections[connection]?.reader
        else { return }
        for upload in second.uploads { try admit(upload, from: connection, of: reader, &log) }
        let position = try logs.state(of: id, from: log)?.order.position ?? 0
        compareAgain(id, position: position, on: connection)
    }

    private mutating func compareAgain(
        _ id: LogID, position: UInt64, on connection: ConnectionID
    ) {
        connections[connection]?.secondOrders[id] = nil
        connections[connection]?.appended.insert(id)
        sayCompare(LogStatus(log: id, state: .compare, position: position), to: connection)
    }

    /// Gives up what a client did not bring in time.
    mutating func giveUpSecondOrders<Log: RelayLog>(_ log: inout Log) throws {
        for id in connections.keys.sorted() {
            let late = (connections[id]?.secondOrders ?? [:]).filter {
                now >= $0.value.since + SecondOrder.within
            }
            for place in late.keys.sorted() {
                try log.transaction { try giveUpSecondOrder(of: place, on: id, &$0) }
            }
        }
    }
}
