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
            order.reserved = nil
            try log.setOrder(order)
        }
        let epoch = Epoch(raw: generator.next())
        try log.begin(epoch)
        begin(epoch)
    }

    mutating func waitForFilling(of log: LogID) {
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
    mutating func goOn<Log: RelayLog>(_ place: LogState, _ log: inout Log) throws {
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
        try admitStored(of: place.log, waiting, &log)
        // What was kept may have let people in, and others out.
        place = try logs.state(of: place.log, from: log) ?? place
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

    /// Lets what was kept through the door, each replica by whoever may hand it in; only those who
    /// brought it hear of a refusal.
    private mutating func admitStored<Log: RelayLog>(
        of id: LogID, _ waiting: [ConnectionID], _ log: inout Log
    ) throws {
        var brought: [ConnectionID: Set<ReplicaID>] = [:]
        for connection in waiting {
            brought[connection] = connections[connection]?.brought.removeValue(forKey: id)
        }
        for replica in try log.replicas(of: id) {
            let place = try logs.state(of: id, from: log)
            let accepted = place?.replicas[replica]?.last ?? 0
            guard let first = try log.have(of: replica, in: id).intervals.first,
                first.first <= accepted + 1, first.last > accepted
            else { continue }
            let bringers = waiting.filter { brought[$0]?.contains(replica) == true }
            let author = try log.card(of: replica, in: id)?.introduction.user
            let candidates = bringers + waiting
            let witness = candidates.first {
                guard let reader = connections[$0]?.reader else { return false }
                return reader.user == author || place?.admits(reader) ?? true
            }
            guard let witness = witness ?? candidates.first,
                let reader = connections[witness]?.reader
            else { continue }
            for upload in try uploads(of: [(replica, accepted + 1...first.last)], in: id, log) {
                try admit(upload, from: witness, of: reader, answering: bringers, &log)
            }
        }
    }
}
