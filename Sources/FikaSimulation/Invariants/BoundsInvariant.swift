import FikaRelay
import FikaSync

/// Nothing grows without an end: no connection is kept that is gone, nothing waits.
///
/// That credit bounds what is under way is seen on the wire, while the world runs.
enum BoundsInvariant {
    static func findings(_ world: World) -> [String] {
        var findings: [String] = []
        let open = world.links.values.filter(\.relaySide.isOpen)
        if let core = world.relay.core, core.connectionCount != open.count {
            findings.append(
                "the relay keeps \(core.connectionCount) connections, \(open.count) are open")
        }
        let honest = open.filter { !world.clients[$0.client].isMalicious }
        let buffered = honest.map(\.relaySide.decoder.bufferedCount).reduce(0, +)
        if buffered > 0 { findings.append("\(buffered) bytes wait for the end of a frame") }
        return findings
    }
}
