import FikaCRDT
import Synchronization

/// The links of a workspace, which are told when there is something to send.
final class Links: Sendable {
    private let all = Mutex<[Link]>([])
    private let services = Mutex<[DeviceService]>([])

    func add(_ service: DeviceService) {
        services.withLock { $0.append(service) }
    }

    func add(_ link: Link) {
        all.withLock { $0.append(link) }
    }

    func remove(_ link: Link) {
        all.withLock { $0.removeAll { $0 === link } }
    }

    /// All links, in the order in which they were made.
    var list: [Link] { all.withLock { $0 } }

    func noteLocalChanges() {
        for link in list { link.noteLocalChanges() }
        for service in services.withLock({ $0 }) { service.noteLocalChanges() }
    }

    func say(_ utterance: Utterance) {
        for link in list { link.say(utterance) }
    }

    /// Asks for a page that is missing here.
    func fill(_ log: LogID, before time: HybridTime, rows: Int) {
        for link in list { link.fill(log, before: time, rows: rows) }
    }

    func close() async {
        for link in list { await link.disconnect() }
        all.withLock { $0 = [] }
        for service in services.withLock({ $0 }) { await service.stop() }
        services.withLock { $0 = [] }
    }
}
