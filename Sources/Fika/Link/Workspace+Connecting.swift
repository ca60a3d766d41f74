import FikaNet
import FikaSync

extension Workspace {
    /// Connects to a relay, now and whenever the connection is lost, until it is told to end.
    ///
    /// It returns at once and never fails: how it stands is told by the link. Only the process
    /// that holds the store has links; in another one the link is refused.
    ///
    /// - Parameters:
    ///   - address: Where the relay listens.
    ///   - token: What the relay asks for before it lets a device in; empty where it asks nothing.
    /// - Returns: The link. The workspace keeps it until it is disconnected.
    @discardableResult
    public func connect(to address: RelayAddress, token: [UInt8] = []) -> Link {
        link(to: address, token: token) { latest, identity in
            SyncCarrier(
                self, to: address, latest: latest, isAllSent: { $0.hasSentAll }
            ) { nonce in
                ClientSession(identity: identity, nonce: nonce)
            }
        }
    }

    /// Makes a link that is told of local changes, and whose states wake those who observe.
    func link(
        to address: RelayAddress, token: [UInt8] = [],
        _ carrier: (LatestValue<Link.State>, SessionIdentity) -> any LinkCarrier
    ) -> Link {
        do throws(FikaError) {
            guard access == .holder else {
                throw FikaError(.storeInUse, "another process holds the store")
            }
            let identity = try sessionIdentity(token: token)
            let latest = LatestValue(Link.State.connecting)
            let link = Link(
                address: address, latest: latest, carrier: carrier(latest, identity))
            links.add(link)
            return link
        } catch {
            let latest = LatestValue(Link.State.refused(error))
            return Link(address: address, latest: latest, carrier: NoCarrier())
        }
    }
}
