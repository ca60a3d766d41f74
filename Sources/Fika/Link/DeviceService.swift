import FikaNet

/// Lets other devices of the workspace sync with this one directly.
public final class DeviceService: Sendable {
    /// Where it listens; its port is the one that the system chose where it was to choose.
    public let address: RelayAddress
    private let listener: PeerListener<StoreHolder>

    init(address: RelayAddress, listener: PeerListener<StoreHolder>) {
        self.address = address
        self.listener = listener
    }

    /// How many devices are connected, as it changes.
    public var connections: Observed<Int> {
        let counts = listener.connectionCount.values
        return Observed<Int> {
            var iterator = counts.makeAsyncIterator()
            return { await iterator.next() }
        }.withoutRepetitions
    }

    /// Ends the listening and all connections.
    public func stop() async {
        await listener.close()
    }

    /// There is something new that others may want.
    func noteLocalChanges() {
        let listener = listener
        Task { await listener.notifyLocalChanges() }
    }
}
