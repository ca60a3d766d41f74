/// Lets other devices of the workspace sync with this one directly.
public final class DeviceService: Sendable {
    /// Where it listens; its port is the one that the system chose where it was to choose.
    public let address: RelayAddress
    private let count: Latest<Int>
    private let end: @Sendable () async -> Void

    init(
        address: RelayAddress, count: Latest<Int>, end: @escaping @Sendable () async -> Void
    ) {
        self.address = address
        self.count = count
        self.end = end
    }

    /// How many devices are connected, as it changes.
    public var connections: Observed<Int> { Observed(count).withoutRepetitions }

    /// Ends the listening and all connections.
    public func stop() async {
        await end()
        count.finish()
    }
}
