import FikaCRDT
import FikaLog
import FikaStore

extension WorkspaceReader {
    func findRoom(_ reference: String) throws -> RoomSummary {
        let rooms = try rooms()
        if let id = RoomID(reference) {
            return try one(rooms.filter { $0.id == id }, reference)
        }
        if reference.hasPrefix("@") {
            let user = String(reference.dropFirst())
            return try one(
                rooms.filter { $0.kind == .privateChat && $0.name == user }, reference)
        }
        let isName = reference.hasPrefix("#")
        let name = isName ? String(reference.dropFirst()) : reference
        let named = rooms.filter {
            $0.kind != .privateChat && ($0.name == name || $0.name == reference)
        }
        if isName || !named.isEmpty { return try one(named, reference) }
        let isDigits = reference.count >= 4 && reference.allSatisfy(\.isHexDigit)
        let digits = reference.lowercased()
        return try one(
            isDigits ? rooms.filter { $0.id.description.hasPrefix(digits) } : [], reference)
    }

    private func one(_ rooms: [RoomSummary], _ reference: String) throws -> RoomSummary {
        guard let room = rooms.first else {
            throw FikaError(.notFound, "no room \(reference)")
        }
        guard rooms.count == 1 else {
            let ids = rooms.map(\.id.short).joined(separator: ", ")
            throw FikaError(.ambiguous, "\(reference) may be any of the rooms \(ids)")
        }
        return room
    }

    func findMessage(_ reference: String) throws -> Message {
        if let id = MessageID(reference) { return try message(id) }
        let parts = reference.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let seq = UInt64(parts[1]), (1...Limits.seqMaximum).contains(seq),
            parts[0].count >= 2, parts[0].allSatisfy(\.isHexDigit)
        else {
            throw FikaError(
                .invalidArgument, "\(reference) is no message id, as a1b2c3:17")
        }
        let ids = try finding.replicas(beginningWith: parts[0].lowercased()).map {
            OpID(log: $0.log, replica: $0.replica, seq: seq)
        }
        var found: [MessageID: Message] = [:]
        for id in ids {
            guard let row = try queries.row(id.log, id.dot) else { continue }
            let message = message(row, in: id.log)
            found[message.id] = message
        }
        guard let message = found.values.first else {
            throw FikaError(.notFound, "no message \(reference)")
        }
        guard found.count == 1 else {
            throw FikaError(
                .ambiguous, "\(reference) means \(found.count) messages: give more digits")
        }
        return message
    }
}
