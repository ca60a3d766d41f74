/// Where a ``Listener`` listens, and how much it takes.
package struct ListenerSettings: Sendable {
    /// A name or an address.
    package var host: String
    /// 0 lets the system choose one.
    package var port: Int
    /// Whether it may be an address beyond loopback (rule H3).
    package var allowsRemote: Bool
    /// More connections are closed at once.
    package var connectionsMaximum: Int
    package var tickMilliseconds: Int64

    package init(
        host: String, port: Int, allowsRemote: Bool = false, connectionsMaximum: Int = 20_000,
        tickMilliseconds: Int64 = 1000
    ) {
        self.host = host
        self.port = port
        self.allowsRemote = allowsRemote
        self.connectionsMaximum = connectionsMaximum
        self.tickMilliseconds = tickMilliseconds
    }
}
