import FikaNet

/// Lets other devices of the workspace sync with this one directly.
public final class DeviceService: Sendable {
    /// Where it listens; its port is the one that the system chose where it was to choose.
    public let address: RelayAddress
    private let count: Latest<Int>
    private let listener: PeerListener<StoreHolder>

    init(address: RelayAddress, count: Latest<Int>, listener: PeerListener<StoreHolder>) {
        self.address = address
        self.count = count
        self.listener = listener
    }

    /// How many devices are connected, as it changes.
    public var connections: Observed<Int> { Observed(count).withoutRepetitions }

    /// Ends the listening and all connections.
    public func stop() async {
        await listener.close()
        count.finish()
    }

    /// There is something new that others may want.
    func noteLocalChanges() {
        let listener = listener
        Task { await listener.notifyLocalChanges() }
    }
}
