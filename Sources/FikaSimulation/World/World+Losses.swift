import FikaCRDT
import FikaLog

// Disks that are lost, put back and copied.
extension World {
    private static let cloneMaximum = 2

    /// Once in a world: whoever is sure of an order has a head over it.
    func wipeRelay() {
        guard relay.core != nil, !ledger.isWiped else { return }
        stopRelay()
        note("relay wiped")
        losing {
            ledger.wipe()
            try relay.log.wipe()
        }
    }

    /// First a copy is made, then it is put back, then another one is made.
    func putBackRelay() {
        guard relay.core != nil else { return }
        guard relay.log.hasCopy else {
            note("relay copied")
            relay.log.copy()
            return ledger.copy()
        }
        stopRelay()
        let isNoticed = random.bool()
        note("relay put back, \(isNoticed ? "noticed" : "unnoticed")")
        losing {
            relay.log.putBack(beginning: isNoticed ? Epoch(raw: random.next()) : nil)
            ledger.putBack()
        }
    }

    /// First a copy is made, then it is put back.
    func putBackClient() {
        let index = random.number(in: 0..<clients.count)
        guard clients[index].isRunning else { return }
        guard clients[index].isCopied else {
            guard clients[index].holder.copy() else { return }
            note("client \(index) copied")
            clients[index].isCopied = true
            return
        }
        stopClient(index)
        note("client \(index) put back")
        clients[index].isCopied = false
        losing { clients[index].holder.putBack(seed: random.next()) }
    }

    /// Of what goes with a disk only what another disk has as well is promised any more.
    private func losing(_ body: () throws -> Void) {
        do {
            // What a store on a disk has that is down cannot be read.
            guard !plan.isOnDisks else { return try body() }
            let before = try heldWrites()
            try body()
            ledger.withdraw(try before.subtracting(heldWrites()))
        } catch {
            ledger.find("a disk cannot be read: \(error)")
        }
    }

    /// The writes that are on some disk, under their first name or another.
    private func heldWrites() throws -> Set<OpID> {
        var held: Set<OpID> = []
        for log in Set(ledger.writes.map(\.id.log)).sorted() {
            var ops = try clients.flatMap { try $0.holder.ops(of: log).map(\.op) }
            for replica in try relay.log.replicas(of: log) {
                ops += try relay.log.ops(of: replica, in: log, seqs: 1...Limits.seqMaximum)
            }
            for op in ops {
                held.insert(op.id)
                if let origin = op.origin { held.insert(OpID(log: log, dot: origin.dot)) }
            }
        }
        for op in try clients.flatMap({ try $0.holder.kept() }) {
            held.insert(op.id)
            if let origin = op.origin { held.insert(OpID(log: op.id.log, dot: origin.dot)) }
        }
        return held
    }

    /// Somebody copies a folder and starts both.
    func cloneClient() {
        guard clients.count < plan.devices.count + Self.cloneMaximum else { return }
        let index = random.number(in: 0..<clients.count)
        let crash = CrashPoint()
        guard let holder = clients[index].holder.cloned(crash: crash, seed: random.next()) else {
            return
        }
        let clone = clients.count
        note("client \(clone) is a clone of \(index)")
        var device = clients[index].device
        device.clock = .drawn(using: &random)
        clients.append(
            WorldClient(
                index: clone, device: device, identity: clients[index].identity, crash: crash,
                holder: holder))
        queue.add(.dial(client: clone, attempt: 0), at: now)
        queue.add(.tickClient(clone), at: now + 1000)
    }
}
