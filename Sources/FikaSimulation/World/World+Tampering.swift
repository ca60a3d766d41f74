import FikaNet
import FikaSync

// Who sits between a client and the relay, and changes what is said.
extension World {
    /// The next ops that go up on some connection are changed on their way.
    func beginTampering() {
        let open = openLinks
        guard !open.isEmpty else { return }
        let id = random.pick(open)
        guard links[id]?.tampering == .no else { return }
        links[id]?.tampering = .due
        note("\(id.raw) is tampered with soon")
    }

    /// What arrives of a frame that an end sends: of one with ops, where somebody waits for it, all
    /// but one bit.
    func tampered(_ bytes: [UInt8], on id: ConnectionID, from end: WorldLink.End) -> [UInt8] {
        guard end == .client, links[id]?.tampering == .due, healedAt == nil,
            let frame = WireWatch.frame(bytes), WireWatch.costsCredit(frame)
        else { return bytes }
        links[id]?.tampering = .done
        // The length and the type stay: it is still one frame of ops.
        let first = bytes.count - frame.body.count
        guard first < bytes.count else { return bytes }
        var bytes = bytes
        bytes[random.number(in: first..<bytes.count)] ^= 1 << UInt8(random.number(in: 0...7))
        note("\(id.raw) is tampered with")
        return bytes
    }
}
