import ArgumentParser
import Fika

struct SyncCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Exchange with a relay or another device",
        discussion: """
            Once: until nothing is missing here and everything queued is sent. The relay
            is remembered, so that it is named once.

              fika sync --relay relay.example:7447
              fika sync

            With --watch it stays, comes back when the line is cut, and carries out what
            other fika commands write meanwhile, which goes out at once. Ctrl-C ends it.

              fika sync --watch

            Without a relay, two devices of a workspace meet directly: one runs
            `fika serve --listen 192.168.1.20:7448 --open`, the other

              fika sync --with 192.168.1.20:7448

            Exit codes: 0 up to date and all sent; 1 refused; 75 not reached, another
            process has the store and no link, or what is queued is for a room that the
            relay does not know: it goes out once somebody who has the room has synced.
            """)
    @OptionGroup var store: StoreOptions
    @Option(help: ArgumentHelp("The relay to sync with, and to remember", valueName: "host:port"))
    var relay: RelayAddress?
    @Option(help: ArgumentHelp("Sync with another device instead", valueName: "host:port"))
    var with: RelayAddress?
    @Flag(help: "Stay connected until Ctrl-C")
    var watch = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if with != nil, relay != nil || watch {
            throw ValidationError("--with stands alone")
        }
    }

    func run(in session: Session) async throws(FikaError) {
        let workspace = session.workspace
        let lines = LinkLines(session.style, isJSON: output.isJSON)
        if let with {
            let outcome = await workspace.sync(withDevice: with) { lines.progress($0) }
            return try lines.finish(outcome, with, try await workspace.status())
        }
        let known = try await workspace.relay()
        guard let address = relay ?? known else {
            throw FikaError(
                .invalidArgument, "no relay is known yet: name one with --relay HOST:PORT")
        }
        // A mistyped address does not replace one that has worked.
        if known == nil || watch { try await workspace.setRelay(address) }
        if watch {
            guard workspace.access == .holder else {
                throw FikaError(.storeInUse, "another process holds the store already")
            }
            return try await Interruption.ending { () async throws(FikaError) in
                for await state in workspace.connect(to: address).states {
                    lines.show(state, address)
                }
            }
        }
        let outcome = await workspace.sync(with: address) { lines.progress($0) }
        if case .complete = outcome, address != known { try await workspace.setRelay(address) }
        try lines.finish(outcome, address, try await workspace.status())
    }
}

struct ServeCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Let other devices sync with this one directly",
        discussion: """
            Whoever connects gets the rooms that they are in, and gives theirs. Who a
            device belongs to is taken on its word, so it listens on this machine alone
            unless --open says otherwise. Ctrl-C ends it.

              fika serve --listen 127.0.0.1:7448
            """)
    @OptionGroup var store: StoreOptions
    @Option(
        help: ArgumentHelp("Where to listen; port 0 takes any free one", valueName: "host:port"))
    var listen = RelayAddress.relay("127.0.0.1", port: 7448)
    @Flag(help: "Listen beyond this machine, although devices are taken on their word")
    var open = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard open || ["127.0.0.1", "::1", "localhost"].contains(listen.host) else {
            throw ValidationError(
                "\(listen.host) can be reached from other machines; say --open if that is meant")
        }
    }

    func run(in session: Session) async throws(FikaError) {
        guard session.workspace.access == .holder else {
            throw FikaError(.storeInUse, "another process holds the store already")
        }
        let service = try await session.workspace.serve(on: listen, allowsRemote: open)
        let lines = LinkLines(session.style, isJSON: output.isJSON)
        lines.listening(service.address)
        try await Interruption.ending { () async throws(FikaError) in
            for await count in service.connections { lines.connections(count) }
        }
    }
}

struct RelayCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay", abstract: "Show or choose the relay that sync connects to",
        discussion: "  fika relay relay.example:7447")
    @OptionGroup var store: StoreOptions
    @Argument(help: ArgumentHelp("The relay to remember", valueName: "host:port"))
    var address: RelayAddress?
    @Flag(help: "Forget the relay")
    var forget = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if forget, address != nil {
            throw ValidationError("--forget and an address exclude each other")
        }
    }

    func run(in session: Session) async throws(FikaError) {
        if forget || address != nil { try await session.workspace.setRelay(address) }
        let relay = try await session.workspace.relay()
        session.answer(
            output, ["relay": relay?.description], relay?.description ?? "no relay is known yet")
    }
}
