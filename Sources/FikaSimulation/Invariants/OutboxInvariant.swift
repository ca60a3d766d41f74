/// Every outbox is empty: what was not accepted was refused.
enum OutboxInvariant {
    static func findings(_ world: World) -> [String] {
        world.clients.compactMap { client in
            client.holder.unsent.map { "client \(client.index) has \($0)" }
        }
    }
}
