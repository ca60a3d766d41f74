import FikaStore

extension Workspace {
    /// The relay that this store was told to connect to; nil while none was named.
    public func relay() async throws(FikaError) -> RelayAddress? {
        try await read { reader in try reader.settings.relayAddress().flatMap { RelayAddress($0) } }
    }

    /// Remembers which relay to connect to; nil forgets it.
    ///
    /// It connects to nothing by itself.
    public func setRelay(_ address: RelayAddress?) async throws(FikaError) {
        try await perform(.setRelay(address))
    }
}
