import FikaLog
import FikaNet
import FikaRelay

import FikaSync

// The relay's driver.
extension World {
    private var relayTime: UInt64 { relay.clock.wall(at: now) }

    func openAtRelay(_ id: ConnectionID) {
        guard relay.core != nil, links[id]?.relaySide.isOpen == true else { return }
        drive { core, time in core.opened(id, isLoopback: true, now: time) }
    }

    func receiveAtRelay(_ id: ConnectionID, _ frames: [DecodedFrame], _ failure: Failure?) {
        guard relay.core != nil else { return }
        relay.gathered.append((id, frames))
        if let failure {
            takeRelayTurn()
            drive { core, time in core.broken(id, failure, now: time) }
        } else if !relay.isTurnDue {
            relay.isTurnDue = true
            queue.add(.relayTurn, at: now + (random.bool() ? 0 : random.number(in: 0...4)))
        }
    }

    func takeRelayTurn() {
        relay.isTurnDue = false
        let gathered = relay.gathered
        relay.gathered = []
        guard relay.core != nil, !gathered.isEmpty else { return }
        note("relay turn of \(gathered.count)")
        drive { core, time in try core.received(gathered, now: time) }
    }

    func lostAtRelay(_ id: ConnectionID) {
        relay.core?.closed(id)
    }

    func tickRelay() {
        queue.add(.tickRelay, at: now + 1000)
        guard relay.core != nil else { return }
        drive { core, time in
            let actions = try core.tick(now: time)
            try relay.log.tidy()
            return actions
        }
    }

    /// Lets the core do something and carries its actions out, up to where the process stops.
    private func drive(
        _ body: (inout RelayCore<WorldRelayLog>, UInt64) throws -> [RelayAction]
    ) {
        guard var core = relay.core else { return }
        relay.log.place?.environment.setClock(relayTime)
        // Held in one place only, its parts are changed where they are.
        relay.core = nil
        do {
            defer { relay.core = core }
            for action in try body(&core, relayTime) {
                try relay.crash.pass()
                perform(action)
            }
        } catch {
            if error is WorldCrash || relay.log.hasStopped { return stopRelay() }
            failRelay(error)
        }
        // It may have happened in what nobody waits for.
        if relay.log.hasStopped { stopRelay() }
    }

    private func perform(_ action: RelayAction) {
        switch action {
        case .send(let bytes, let id): send(bytes, on: id, from: .relay)
        case .broadcast(let bytes, let ids):
            for id in ids { send(bytes, on: id, from: .relay) }
        case .close(let id): close(id, at: .relay)
        case .note(let note):
            self.note("relay: \(Self.line(note))")
            count(note)
            if case .newEpoch = note, !ledger.isPutBack {
                ledger.find("the relay lost what it had signed")
            }
        }
    }

    private func count(_ note: RelayNote) {
        switch note {
        case .refused: counts.add(.course, "ops refused")
        case .newEpoch: counts.add(.course, "epochs")
        case .silent: counts.add(.course, "silent connections")
        case .fellBehind: counts.add(.course, "falls behind")
        case .admitted, .accepted, .forwarded, .failed: break
        }
    }

    private static func line(_ note: RelayNote) -> String {
        switch note {
        case .admitted(let id, let user): "admitted \(id.raw) \(user.text)"
        case .accepted(let log, let count): "accepted \(count) of \(log)"
        case .refused(let refusal):
            "refused \(refusal.replica) \(refusal.seq) \(refusal.action) \(refusal.reason)"
        case .forwarded(let log, let connections): "forwarded \(log) to \(connections)"
        case .failed(let id, let failure): "failed \(id.raw) \(failure.code) \(failure.reason)"
        case .fellBehind(let id, let log): "fell behind \(id.raw) in \(log)"
        case .silent(let id): "silent \(id.raw)"
        case .newEpoch: "new epoch"
        }
    }

    // MARK: Crashes

    /// The process is gone: of what it sent some bytes still arrive, then its sockets are closed.
    func stopRelay() {
        note("relay down")
        counts.add(.course, "relay crashes")
        relay.stop()
        for id in links.keys.sorted() where links[id]?.relaySide.isOpen == true {
            cut(id, noticedBy: .relay, delay: 0)
            links[id]?.relaySide.isOpen = false
        }
        queue.add(.restartRelay, at: now + random.number(in: 0...5000))
    }

    func restartRelay() {
        guard relay.core == nil else { return }
        do {
            try relay.start(now: now, entropy: SplitMix64(seed: random.next()))
            note("relay up")
        } catch {
            let isExcused = relay.log.hasStopped || relay.log.place?.disk.isToBlame() == true
            relay.stop()
            guard isExcused else { return ledger.find("the relay does not start: \(error)") }
            note("the relay does not come up")
            queue.add(.restartRelay, at: now + random.number(in: 0...5000))
        }
    }
}
