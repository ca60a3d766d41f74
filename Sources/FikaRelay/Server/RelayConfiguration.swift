/// What a relay is told at start.
public struct RelayConfiguration: Sendable {
    /// The folder that holds everything the relay knows; it is made where it is missing.
    public var dataFolder: String
    /// A name or an address to listen at.
    public var host: String
    /// The port to listen at; 0 lets the system choose one.
    public var port: Int
    /// Where `/healthz` and `/metrics` are served; nowhere when nil.
    public var monitor: (host: String, port: Int)?
    /// Whether to listen beyond this machine, although nobody's identity is checked yet.
    public var allowsUnauthenticatedNetwork: Bool
    /// Keys of earlier relays, in hexadecimal, whose order this one goes on with.
    public var succeededKeys: [String]
    /// Whether all that is stored is checked first; a damaged database is then set aside, and what
    /// begins is empty and filled by the clients.
    public var repairs: Bool
    /// Connections beyond so many are closed at once.
    public var connectionsMaximum: Int
    /// Bytes of ops that a connection may have under way to the relay.
    package var uplinkCredit: UInt64 = 4 << 20

    /// Creates a configuration for one machine.
    public init(dataFolder: String, host: String = "127.0.0.1", port: Int = 7447) {
        self.dataFolder = dataFolder
        self.host = host
        self.port = port
        allowsUnauthenticatedNetwork = false
        succeededKeys = []
        repairs = false
        connectionsMaximum = 20_000
    }
}
