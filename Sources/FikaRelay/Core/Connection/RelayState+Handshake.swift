import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// The second half of a handshake (rules H2 and H3).
    mutating func greet<Log: RelayLog>(
        _ id: ConnectionID, _ received: DecodedFrame, welcome: [UInt8], _ log: Log
    ) throws {
        let hello: Hello
        switch received.frame {
        case .hello(let first): hello = first
        case .failure, .goodbye:
            // It thought better of it.
            end(id, saying: nil)
            return
        case .welcome, .ready, .cursors, .status, .names, .brief, .batch, .placed, .head,
            .refusal, .credit, .page, .want, .positions, .done, .haves, .synced, .ephemeral,
            .ping, .pong:
            throw Violation(.unexpected, "hello comes first")
        }
        let failure = ListenerHandshake.failure(
            of: hello, body: received.signedBody, welcomeBody: welcome)
        if let failure { throw Violation(failure) }
        let reader = Reader(workspace: hello.workspace, user: hello.user)
        let credit = Int64(clamping: min(hello.credit, settings.downlinkCredit))
        connections[id]?.reader = reader
        connections[id]?.credit = credit
        connectionsByReader[reader, default: []].append(id)
        connectionsByReader[reader]?.sort()
        subscriptionState += 1
        note(.admitted(id, hello.user))
        let (outcome, changes) = try compareSums(hello, of: reader, log)
        let ready = ListenerHandshake.ready(
            outcome, key: key, welcomeBody: welcome, helloBody: received.signedBody)
        send(.ready(ready), to: id)
        connections[id]?.phase = outcome == .cursorsWanted ? .awaitingCursors : .open
        for change in changes { try follow(change.log, from: change.from, on: id, log) }
        hungry.insert(id)
    }

    /// Compares what a client says that it has with what it may read (rules R5 and R6).
    private mutating func compareSums<Log: RelayLog>(
        _ hello: Hello, of reader: Reader, _ log: Log
    ) throws -> (Ready.Outcome, [ChangedLog]) {
        guard let summary = hello.summary else { return (.cursorsWanted, []) }
        let readable = try ReadableLogs(of: reader, epoch: epoch, from: log)
        if summary == readable.sum { return (.equal, []) }
        if summary.count == 0 { return (.changesFollow, readable.all) }
        guard hello.completeUntil > 0 else { return (.cursorsWanted, []) }
        let before = try readable.putBack(to: hello.completeUntil, logs: &logs, from: log)
        return before.sum == summary ? (.changesFollow, before.changes) : (.cursorsWanted, [])
    }

    /// The cursors came that were asked for: each log gets its status.
    mutating func compareCursors<Log: RelayLog>(
        _ cursors: [LogCursor], of reader: Reader, on id: ConnectionID, _ log: Log
    ) throws {
        connections[id]?.phase = .open
        for cursor in cursors {
            guard let place = try logs.state(of: cursor.log, from: log), place.admits(reader) else {
                try refuseToFollow(cursor.log, of: reader, on: id, log)
                continue
            }
            let prefix = try place.runningPrefix(at: cursor.position, in: log)
            if cursor.position > 0, prefix == cursor.runningPrefix {
                try follow(cursor.log, from: cursor.position, on: id, log)
            } else {
                let status = LogStatus(
                    log: cursor.log, state: .compare, position: place.order.position)
                sayCompare(status, to: id)
            }
        }
        let named = Set(cursors.map(\.log))
        for membership in try log.memberships(of: reader.user, in: reader.workspace)
        where membership.isMember && !named.contains(membership.log) {
            try follow(membership.log, from: 0, on: id, log)
        }
        hungry.insert(id)
    }

    private mutating func refuseToFollow<Log: RelayLog>(
        _ place: LogID, of reader: Reader, on id: ConnectionID, _ log: Log
    ) throws {
        let wasMember = try log.memberships(of: reader.user, in: reader.workspace)
            .contains { $0.log == place }
        if wasMember {
            try sayEnded(place, of: reader, on: id, log)
        } else {
            sayCompare(LogStatus(log: place, state: .unknown), to: id)
        }
    }

    /// Asks for what is held of a log; until that is there nothing of it is told.
    mutating func sayCompare(_ status: LogStatus, to id: ConnectionID) {
        connections[id]?.comparing.insert(status.log)
        send(.status(status), to: id)
    }

    /// What is new in a log follows from a position on; of one that the user may not read any more,
    /// why that is so.
    mutating func follow<Log: RelayLog>(
        _ id: LogID, from position: UInt64, on connection: ConnectionID, _ log: Log
    ) throws {
        guard let reader = connections[connection]?.reader,
            let place = try logs.state(of: id, from: log)
        else { return }
        guard place.admits(reader) else {
            try sayEnded(id, of: reader, on: connection, log)
            return
        }
        let last = place.order.position
        let status = LogStatus(log: id, state: .follows, from: position, position: last)
        send(.status(status), to: connection)
        connections[connection]?.comparing.remove(id)
        guard position < last else { return }
        connections[connection]?.catchUp.add(
            id, Lane(from: position, to: last, isPersonal: place.isPersonal))
        hungry.insert(connection)
    }
}
