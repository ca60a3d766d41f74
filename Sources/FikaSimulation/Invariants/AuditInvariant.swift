/// Every store verifies, and shows what follows from what it holds.
enum AuditInvariant {
    static func findings(_ world: World) throws -> [String] {
        try world.clients.flatMap { client in
            try client.holder.audit().prefix(2).map { "client \(client.index): \($0)" }
        }
    }
}
