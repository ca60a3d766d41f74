import ArgumentParser
import Fika
import Foundation

extension LogCommand {
    struct Export: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write logs into a file, for another store",
            discussion: """
                Named rooms, or everything: then also your private chats and read marks, for
                your own other device or as a backup.

                  fika log export fredagsfika.export '#Fredagsfika'
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "The file to write")
        var file: String
        @Argument(help: "The rooms; none: everything")
        var rooms: [String] = []
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            var ids: [RoomID] = []
            for room in rooms { ids.append(try await session.room(room).id) }
            let path = URL(fileURLWithPath: file).standardizedFileURL.path
            let line = ProgressLine("exported ops:")
            let outcome = try await session.workspace.perform(.export(path: path, rooms: ids)) {
                line.update($0)
            }
            line.finish()
            guard case .exchanged(let summary) = outcome else { return }
            session.answer(
                output, summary,
                "\(summary.ops) ops of \(summary.logs) logs in \(summary.byteCount) B")
        }
    }

    struct Import: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in a file that another store exported",
            discussion: """
                Everything is verified first; a file with any damage changes nothing. Taking in
                the same file again changes nothing either.
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "The file")
        var file: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let path = URL(fileURLWithPath: file).standardizedFileURL.path
            let line = ProgressLine("verified and stored ops:")
            let outcome = try await session.workspace.perform(.importExport(path: path)) {
                line.update($0)
            }
            line.finish()
            guard case .exchanged(let summary) = outcome else { return }
            var words = "\(summary.newOps) new ops of \(summary.ops) in \(summary.logs) logs"
            if !summary.skipped.isEmpty {
                words += "; \(summary.skipped.count) logs left out, which are not yours to read"
            }
            session.answer(output, summary, words)
        }
    }

    struct Rebuild: StoreCommand {
        static let configuration = CommandConfiguration(
            abstract: "Derive everything that is shown anew from the log")
        @OptionGroup var store: StoreOptions

        func run(in session: Session) async throws(FikaError) {
            try await session.workspace.perform(.rebuild)
        }
    }
}
