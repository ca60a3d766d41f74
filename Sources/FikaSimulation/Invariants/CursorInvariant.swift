import FikaLog
import FikaRelay

/// All who may read a log are as far in its order as the relay, with the same running hash.
enum CursorInvariant {
    static func findings(_ world: World, _ outcome: WorldOutcome) throws -> [String] {
        var findings: [String] = []
        for room in outcome.rooms {
            for client in outcome.readers(of: room, in: world) {
                let cursor = try client.holder.cursor(of: room.log)
                guard let cursor, cursor.position == room.order.position,
                    cursor.running == room.order.running
                else {
                    findings.append(
                        "client \(client.index), \(room.log): at \(cursor?.position ?? 0) of "
                            + "\(room.order.position), or another order")
                    continue
                }
            }
        }
        return findings
    }
}
