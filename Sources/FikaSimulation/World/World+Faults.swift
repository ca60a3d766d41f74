import FikaNet

// What goes wrong, and its end.
extension World {
    func drawFaultPause() -> UInt64 { drawPause(plan.faultPauses) }

    /// How long the bytes of a connection take.
    func drawDelay() -> ClosedRange<UInt64> {
        guard healedAt == nil, plan.faults.contains(.delay) else { return 1...8 }
        let least: UInt64 = random.pick([1, 20, 200, 1500])
        return least...least * random.pick([1, 3, 6])
    }

    func goWrong() {
        guard healedAt == nil else { return }
        queue.add(.fault, at: now + drawFaultPause())
        guard !plan.faults.isEmpty else { return }
        happen { goWrong(random.pick(plan.faults.sorted { $0.rawValue < $1.rawValue })) }
    }

    private func goWrong(_ fault: WorldFault) {
        counts.add(.faults, fault.rawValue)
        switch fault {
        case .cut: cutSomething()
        case .delay: changeDelay()
        case .crash: crashSomething()
        case .reorder: breakHalf()
        case .tamper: beginTampering()
        case .wipe: wipeRelay()
        case .oldCopy: putBackRelay()
        case .restore: putBackClient()
        case .clone: cloneClient()
        case .jump: jumpClock()
        case .partition: partition()
        case .clog: clog()
        case .attack: attack()
        case .meet: meet()
        }
    }

    var openLinks: [ConnectionID] {
        links.values.filter { !$0.isCut && $0.clientSide.isOpen && $0.relaySide.isOpen }
            .map(\.id).sorted()
    }

    private func cutSomething() {
        let open = openLinks
        guard !open.isEmpty else { return }
        let first: WorldLink.End? = random.pick([.client, .client, .relay, .relay, nil])
        cut(random.pick(open), noticedBy: first, delay: 0)
    }

    private func changeDelay() {
        let open = openLinks
        guard !open.isEmpty else { return }
        let id = random.pick(open)
        links[id]?.delay = drawDelay()
        note("\(id.raw) delay \(links[id]?.delay ?? 0...0)")
    }

    /// The client sees at once that the connection is gone and makes another; what it sent before
    /// reaches the relay afterwards.
    private func breakHalf() {
        let open = openLinks
        guard !open.isEmpty else { return }
        let first: WorldLink.End = random.oneIn(4) ? .relay : .client
        cut(random.pick(open), noticedBy: first, delay: random.number(in: 300...9000))
    }

    private func crashSomething() {
        let point = random.number(in: 0...9)
        if random.oneIn(4) {
            guard relay.core != nil else { return }
            if relay.crash.isArmed { return stopRelay() }
            note("relay crashes soon, \(point)")
            relay.crash.arm(after: point)
        } else {
            let index = random.number(in: 0..<clients.count)
            guard clients[index].isRunning else { return }
            if clients[index].crash.isArmed { return stopClient(index) }
            note("client \(index) crashes soon, \(point)")
            clients[index].crash.arm(after: point)
        }
    }

    /// Nothing goes wrong any more; what went wrong is still to be found out by those whom it hit.
    func heal() {
        guard healedAt == nil else { return }
        note("healing")
        healedAt = now
        healDisks()
        // Whoever sets a relay up again sees to its clock: what it lost is stamped by right ones.
        if ledger.hasLost { relay.clock.offset = 0 }
        endPartitions()
        if relay.core != nil { relay.crash.restart() }
        for index in clients.indices {
            if clients[index].isRunning { clients[index].crash.restart() }
            goOnline(index)
        }
        for id in openLinks { links[id]?.delay = drawDelay() }
    }

    /// What does not work yet; empty when everybody is served.
    var unhealed: String {
        if relay.core == nil { return "the relay is down" }
        for client in clients where !client.isMalicious {
            guard client.isRunning else { return "client \(client.index) is down" }
            guard client.isUpToDate else { return "client \(client.index) is not up to date" }
            if let rest = try? client.holder.unsent() {
                return "client \(client.index) has \(rest)"
            }
        }
        return ""
    }

    /// Why it is not quiet yet; empty when it is.
    var unquiet: String {
        guard unhealed.isEmpty else { return unhealed }
        for id in links.keys.sorted() {
            guard let link = links[id] else { continue }
            let open = [link.clientSide.isOpen, link.relaySide.isOpen]
            if open.contains(true), open.contains(false) || link.isCut {
                return "\(id.raw) is half open"
            }
            if open == [true, true], link.bytesInFlight > 0 {
                return "\(id.raw) has bytes in flight"
            }
        }
        return ""
    }
}
