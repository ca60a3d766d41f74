import ArgumentParser
import Fika

struct StatusCommand: ReadingCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show how the link, the outbox and the logs stand",
        discussion: """
            The link is that of the process that holds the store, as `fika sync --watch`.
            What is queued goes out by itself; what is held or refused says why and waits
            for you: fika outbox --help.
            """)
    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws(FikaError) {
        let status = try await session.workspace.status()
        let items = try await session.workspace.outbox.items()
        session.answer(
            output, StatusRecord(status, items: items),
            LinkText(session.style).text(status, items))
    }
}
