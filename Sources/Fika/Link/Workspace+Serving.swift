import FikaNet
import FikaStore
import FikaSync

extension Workspace {
    /// Lets other devices of the workspace sync with this one directly, without a relay.
    ///
    /// Each gets the rooms that its user is in. Whose device it is is taken on its word.
    ///
    /// - Parameters:
    ///   - address: Where to listen; port 0 lets the system choose one.
    ///   - allowsRemote: Whether devices may connect from beyond this machine.
    /// - Returns: The service, until it is stopped or the workspace is closed.
    /// - Throws: ``FikaError``: `storeInUse`, `refused` for an address beyond this machine that
    ///   was not allowed, or `system` when nobody can listen there.
    public func serve(
        on address: RelayAddress, allowsRemote: Bool = false
    ) async throws(FikaError) -> DeviceService {
        guard access == .holder else {
            throw FikaError(.storeInUse, "another process holds the store")
        }
        let identity = try sessionIdentity()
        let (now, presence) = (store.environment.now, presence)
        let listener = PeerListener(
            holder: StoreHolder(store), allowsRemote: allowsRemote
        ) { nonce in
            PeerSession.listening(as: identity, nonce: nonce, time: now())
        } report: { report in
            if case .ephemeral(let ephemeral) = report, let utterance = Utterance(ephemeral) {
                presence.take(utterance)
            }
        }
        do throws(ListenError) {
            let port = try await listener.start(
                LinkAddress(host: address.host, port: address.port))
            let address = RelayAddress(host: address.host, port: port)
            let service = DeviceService(address: address, listener: listener)
            links.add(service)
            return service
        } catch {
            switch error {
            case .notLoopback(let host):
                throw FikaError(.refused, "\(host) can be reached from other machines")
            case .cannotBind(let why):
                throw FikaError(.system, "cannot listen at \(address): \(why)")
            }
        }
    }
}
