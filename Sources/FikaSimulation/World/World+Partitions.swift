import FikaNet

// Networks of which one part does not reach another.
extension World {
    /// Longer than this nobody is cut off: after the healing what was held up still has to come.
    private static let partitionMaximum: UInt64 = 20_000

    func partition() {
        let until = now + random.number(in: 500...Self.partitionMaximum)
        let open = openLinks
        if random.bool(), !open.isEmpty {
            let id = random.pick(open)
            let end: WorldLink.End = random.bool() ? .client : .relay
            note("\(id.raw) \(end) is not heard until \(until)")
            links[id]?[end].isUnheardUntil = until
        } else {
            let index = random.number(in: 0..<clients.count)
            note("client \(index) is isolated until \(until)")
            clients[index].isolatedUntil = until
            guard let id = clients[index].link else { return }
            for end in [WorldLink.End.client, .relay] { links[id]?[end].isUnheardUntil = until }
        }
    }

    /// For some time what one end sends comes in single pieces, one long after the other.
    func clog() {
        let open = openLinks
        guard !open.isEmpty else { return }
        let id = random.pick(open)
        let end: WorldLink.End = random.bool() ? .client : .relay
        let until = now + random.number(in: 500...Self.partitionMaximum)
        note("\(id.raw) \(end) is clogged until \(until)")
        links[id]?[end].isCloggedUntil = until
    }

    func endPartitions() {
        for id in links.keys {
            links[id]?.clientSide.isUnheardUntil = 0
            links[id]?.relaySide.isUnheardUntil = 0
            links[id]?.clientSide.isCloggedUntil = 0
            links[id]?.relaySide.isCloggedUntil = 0
        }
        for index in clients.indices { clients[index].isolatedUntil = 0 }
    }
}
