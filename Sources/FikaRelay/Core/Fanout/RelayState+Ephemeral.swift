import FikaCRDT
import FikaLog
import FikaNet
import FikaSync

extension RelayState {
    /// Passes on what is never logged; a non-member's is dropped, and what comes
    /// too fast (rule E1 of the protocol).
    mutating func pass<Log: RelayLog>(
        on ephemeral: Ephemeral, from id: ConnectionID, of reader: Reader, _ log: Log
    ) throws {
        guard var place = try logs.take(ephemeral.log, from: log) else { return }
        defer { logs.put(place) }
        guard place.admits(reader), pause(handingIn: 1, on: id) == nil else { return }
        var said = ephemeral
        said.user = reader.user
        let recipients = subscribers(&place).filter { other in
            guard other != id, let connection = connections[other] else { return false }
            return connection.isUpToDate(in: place.log) && connection.credit > 0
        }
        guard !recipients.isEmpty else { return }
        actions.append(.broadcast(Frame.ephemeral(said).encode(), to: recipients))
    }
}
