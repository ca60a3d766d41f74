import ArgumentParser
import Fika

struct PrivateCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "private",
        abstract: "Open the private chat with a user",
        discussion: """
            It is the same chat for both, whoever opens it first. Afterwards '@user'
            names it:

              fika private omid
              fika send @omid 'Har du nycklarna?'
            """)
    @OptionGroup var store: StoreOptions
    @Argument(help: "The user; your own name makes a chat for notes")
    var user: String
    @OptionGroup var output: OutputOptions

    func run(in session: Session) async throws(FikaError) {
        let room = try await session.workspace.privateChat(with: user)
        session.answer(output, WrittenRecord(room: room.id), room.id.short)
    }
}
