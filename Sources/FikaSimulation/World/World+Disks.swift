import FikaNet

// What goes wrong with disks, and its end.
extension World {
    func drawDiskFaultPause() -> UInt64 { diskRandom.number(in: plan.faultPauses) }

    /// The disks that can fail; the relay's is the last.
    var disks: [SimulatedDisk] {
        clients.compactMap(\.holder.disk) + [relay.log.place?.disk].compactMap(\.self)
    }

    func failSomeDisk() {
        guard healedAt == nil else { return }
        queue.add(.diskFault, at: now + drawDiskFaultPause())
        guard !plan.diskFaults.isEmpty else { return }
        let fault = diskRandom.pick(plan.diskFaults.sorted { $0.rawValue < $1.rawValue })
        // The relay's turn comes as often as all clients' together.
        let index = diskRandom.bool() ? clients.count : diskRandom.number(in: 0..<clients.count)
        let name = index == clients.count ? "the relay" : "client \(index)"
        // Mostly soon: in the middle of what is under way.
        let count = diskRandom.number(in: 0...diskRandom.pick([3, 12, 60]))
        let found = index == clients.count ? relay.log.place?.disk : clients[index].holder.disk
        guard let disk = found, !disk.isArmed, !disk.isStopped else { return }
        note("\(name): \(fault) after \(count)")
        switch fault {
        case .crash: disk.arm(.crash, after: count)
        case .ioError: disk.arm(.ioError, after: count)
        case .failedSync: disk.arm(.failedSync, after: count)
        case .powerLoss:
            let loss = diskRandom.pick(PowerLoss.allCases)
            guard diskRandom.oneIn(4) else {
                return disk.arm(.crash, after: count, losing: loss)
            }
            disk.stop(losing: loss)
            stopProcess(index)
        case .crashAtStart:
            let loss = diskRandom.bool() ? diskRandom.pick(PowerLoss.allCases) : nil
            disk.armStart(after: count, losing: loss)
            stopProcess(index)
        case .full:
            disk.setRoom(diskRandom.pick([0, diskRandom.number(in: 0...100_000)]))
            queue.add(.diskRoom, at: now + diskRandom.number(in: 0...10_000))
        }
    }

    private func stopProcess(_ index: Int) {
        index == clients.count ? stopRelay() : stopClient(index)
    }

    func freeDisks() {
        for disk in disks { disk.setRoom(nil) }
    }

    func healDisks() {
        freeDisks()
        for disk in disks { disk.disarm() }
    }

    /// A disk's fault is no finding: the client's session ends, and another one begins later.
    func failClient(_ index: Int, _ id: ConnectionID, _ error: any Error) {
        guard clients[index].holder.disk?.isToBlame() == true else {
            ledger.find("client \(index) failed: \(error)")
            return stopClient(index)
        }
        note("client \(index) could not store or read")
        clients[index].session = nil
        close(id, at: .client)
        if clients[index].link == id { clients[index].disconnect() }
        retry(index)
    }

    /// The core has let go of all connections; whoever comes back finds what is on disk.
    func failRelay(_ error: any Error) {
        guard let disk = relay.log.place?.disk, disk.isToBlame() else {
            ledger.find("the relay failed: \(error)")
            return stopRelay()
        }
        note("the relay could not store or read")
        for id in links.keys.sorted() { close(id, at: .relay) }
    }
}
