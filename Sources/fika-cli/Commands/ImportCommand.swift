import ArgumentParser
import Fika
import Foundation

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring in chat from elsewhere", subcommands: [IRC.self])

    struct IRC: StoreCommand {
        static let configuration = CommandConfiguration(
            commandName: "irc",
            abstract: "Import IRC day files into a room",
            discussion: """
                Each file is a day and named as it, 2005-06-16.txt, with lines as

                  [09:00] <omid> Gärna.
                  [09:01]  * omid dukar
                  === vera has joined #fika

                Every file is read first; one line that is none of these, or not UTF-8, and
                nothing is imported. Importing the same days again changes nothing.

                  fika import irc '#Fredagsfika' logs/*.txt --channel '#fika'
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room to import into")
        var room: String
        @Argument(help: "The files")
        var files: [String]
        @Option(help: "The channel that they are of; else the room's name")
        var channel: String?
        @Option(
            name: .customLong("timezone"),
            help: ArgumentHelp(
                "The time zone of their times, as Europe/Stockholm; else UTC",
                valueName: "name"))
        var timeZone: String?
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let room = try await session.room(room)
            let name = try await room.summary().name
            let line = ProgressLine("imported lines:")
            let command = Command.importIRC(
                .init(
                    room: room.id,
                    paths: files.map { URL(fileURLWithPath: $0).standardizedFileURL.path },
                    channel: channel ?? name, timeZone: timeZone))
            let outcome: CommandOutcome
            do throws(FikaError) {
                outcome = try await session.workspace.perform(command) { line.update($0) }
                line.finish()
            } catch {
                line.finish()
                throw error
            }
            guard case .imported(let summary) = outcome else { return }
            session.answer(
                output, summary,
                "\(summary.messages) messages and \(summary.events) events from "
                    + "\(summary.files) files, \(summary.new) of them new")
        }
    }
}
