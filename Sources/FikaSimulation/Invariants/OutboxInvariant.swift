/// Every outbox is empty: what was not accepted was refused.
enum OutboxInvariant {
    static func findings(_ world: World) throws -> [String] {
        try world.clients.filter { !$0.isMalicious }.compactMap { client in
            try client.holder.unsent().map { "client \(client.index) has \($0)" }
        }
    }
}
