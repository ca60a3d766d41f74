/// Carries a link to a relay over TCP.
final class RelayCarrier: LinkCarrier {
    init(
        workspace: Workspace, address: RelayAddress, token: [UInt8],
        latest: Latest<Link.State>
    ) {}
    func wake() {}
    func noteLocalChanges() {}
    func say(_ utterance: Utterance) {}
    func close() async {}
}
