import FikaCRDT
import FikaLog

// Disks that are lost, put back and copied.
extension World {
    private static let cloneMaximum = 2

    /// Once in a world: whoever is sure of an order has a head over it.
    func wipeRelay() {
        guard relay.core != nil, !ledger.isWiped else { return }
        note("relay wiped")
        losing {
            stopRelay()
            ledger.wipe()
            try relay.log.wipe()
        }
    }

    /// First a copy is made, then it is put back, then another one is made.
    func putBackRelay() {
        guard relay.core != nil else { return }
        guard relay.log.hasCopy else { return copyRelay() }
        let isNoticed = random.bool()
        note("relay put back, \(isNoticed ? "noticed" : "unnoticed")")
        losing(allBut: relay.copiedWrites) {
            stopRelay()
            try relay.log.putBack(beginning: isNoticed ? Epoch(raw: random.next()) : nil)
            ledger.putBack()
        }
    }

    private func copyRelay() {
        note("relay copied")
        do {
            try relay.log.copy()
            relay.copiedWrites = try heldByRelay()
            ledger.copy()
        } catch {
            ledger.find("a disk cannot be copied: \(error)")
        }
    }

    private func copyClient(_ index: Int) {
        note("client \(index) copied")
        do {
            try clients[index].holder.copy()
            clients[index].copiedWrites = try held(by: index)
        } catch is WorldCrash {
            stopClient(index)
        } catch {
            ledger.find("a disk cannot be copied: \(error)")
        }
    }

    /// First a copy is made, then it is put back.
    func putBackClient() {
        let index = random.number(in: 0..<clients.count)
        guard clients[index].isRunning else { return }
        guard let copied = clients[index].copiedWrites else { return copyClient(index) }
        note("client \(index) put back")
        clients[index].copiedWrites = nil
        clients[index].wasPutBack = true
        losing(allBut: copied) {
            stopClient(index)
            try clients[index].holder.putBack(
                seed: random.next(), isNoticed: !plan.restoresUnnoticed)
        }
    }

    /// Of what goes with a disk only what another disk has as well is promised any more.
    private func losing(allBut kept: Set<OpID> = [], _ body: () throws -> Void) {
        do {
            let before = try heldWrites()
            try body()
            ledger.withdraw(try before.subtracting(heldWrites()).subtracting(kept))
        } catch {
            ledger.find("a disk cannot be read: \(error)")
        }
    }

    /// The writes that are on some disk, under their first name or another.
    private func heldWrites() throws -> Set<OpID> {
        try clients.indices.reduce(into: heldByRelay()) { held, index in
            held.formUnion(try self.held(by: index))
        }
    }

    private func heldByRelay() throws -> Set<OpID> {
        var held: Set<OpID> = []
        for log in Set(ledger.writes.map(\.id.log)).sorted() {
            for replica in try relay.log.replicas(of: log) {
                let ops = try relay.log.ops(of: replica, in: log, seqs: 1...Limits.seqMaximum)
                held.formUnion(names(of: ops))
            }
        }
        return held
    }

    /// What a store has that is on a disk and down cannot be read, and counts as nothing.
    private func held(by client: Int) throws -> Set<OpID> {
        let holder = clients[client].holder
        guard clients[client].isRunning || !plan.isOnDisks else { return [] }
        guard holder.disk?.isStopped != true else { return [] }
        return try Set(ledger.writes.map(\.id.log)).sorted().reduce(
            into: names(of: holder.kept())
        ) { held, log in
            held.formUnion(names(of: try holder.ops(of: log).map(\.op)))
        }
    }

    private func names(of ops: [Op]) -> Set<OpID> {
        Set(ops.map(\.id)).union(
            ops.compactMap { op in op.origin.map { OpID(log: op.id.log, dot: $0.dot) } })
    }

    /// Somebody copies a folder and starts both.
    func cloneClient() {
        guard clients.count < plan.devices.count + Self.cloneMaximum else { return }
        let index = random.number(in: 0..<clients.count)
        let crash = CrashPoint()
        guard clients[index].isRunning || !plan.isOnDisks else { return }
        let holder: any SimulatedStore
        do {
            holder = try clients[index].holder.cloned(crash: crash, seed: random.next())
        } catch {
            return ledger.find("a disk cannot be copied: \(error)")
        }
        let clone = clients.count
        note("client \(clone) is a clone of \(index)")
        var device = clients[index].device
        device.clock = .drawn(using: &random)
        clients.append(
            WorldClient(
                index: clone, device: device, identity: clients[index].identity, crash: crash,
                holder: holder, isMalicious: clients[index].isMalicious))
        queue.add(.dial(client: clone, attempt: 0), at: now)
        queue.add(.tickClient(clone), at: now + 1000)
    }
}
