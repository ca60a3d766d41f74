extension Workspace {
    /// Lets other devices of the workspace sync with this one directly, without a relay.
    ///
    /// Each gets the rooms that its user is in. Whose device it is is taken on its word, so the
    /// address should be of this machine or of a network where that is meant.
    ///
    /// - Parameter address: Where to listen; port 0 lets the system choose one.
    /// - Returns: The service, until it is stopped or the workspace is closed.
    /// - Throws: ``FikaError``: `storeInUse`, or `system` when nobody can listen there.
    public func serve(on address: RelayAddress) async throws(FikaError) -> DeviceService {
        guard access == .holder else {
            throw FikaError(.storeInUse, "another process holds the store")
        }
        throw FikaError(.system, "not yet")
    }
}
