import FikaLog
import FikaNet

import FikaSync

// What a device that forges does.
extension World {
    /// It hands something forged to the relay, or to a device that it meets.
    func attack() {
        let forgers = clients.filter { $0.isMalicious && $0.isRunning }
        guard !forgers.isEmpty else { return }
        let client = random.pick(forgers)
        guard let base = (client.holder as? WorldHolder)?.base else { return }
        let logs = base.logs(readableBy: client.device.user)
        guard !logs.isEmpty else { return }
        let forgery = random.pick(WorldForgery.allCases)
        var forger = WorldForger(
            base: base, log: random.pick(logs), text: text(),
            random: SplitMix64(seed: random.next()))
        note("client \(client.index) forges: \(forgery)")
        counts.add(.forgeries, forgery.rawValue)
        let segments = forger.make(forgery)
        var frames = segments.map {
            Frame.batch(Batch(log: forger.log, placements: [], segment: $0.bytes)).encode()
        }
        if forgery == .garbage { frames = [random.bytes(count: 1...40)] }
        let met = meetings.keys.sorted().filter { id in
            meetings[id]?.ends.contains { $0.client == client.index } == true
        }
        if let id = client.link, random.bool() || met.isEmpty {
            for bytes in frames { sendForged(bytes, on: id) }
        }
        for id in met { for bytes in frames { sendForged(bytes, atMeeting: id, by: client.index) } }
    }

    private func sendForged(_ bytes: [UInt8], on id: ConnectionID) {
        guard let link = links[id], link.clientSide.isOpen else { return }
        let due = now + random.number(in: link.delay)
        guard let due = links[id]?.relaySide.incoming.send(bytes[...], due: due) else { return }
        movedAt = now
        queue.add(.arrive(id, .relay), at: due)
    }

    private func sendForged(_ bytes: [UInt8], atMeeting id: UInt64, by client: Int) {
        guard let end = meetings[id]?.ends.firstIndex(where: { $0.client == client })
        else { return }
        carry(bytes, atMeeting: id, from: end)
    }
}
