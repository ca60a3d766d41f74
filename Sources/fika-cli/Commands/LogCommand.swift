import ArgumentParser
import Fika
import Foundation

struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Look into the op log, check it, carry it elsewhere",
        subcommands: [
            List.self, Show.self, Verify.self, Statistics.self, Digest.self, Export.self,
            Import.self, Rebuild.self, Repair.self,
        ])

    struct List: ReadingCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the logs: replicas, what is held of each, sizes")
        @OptionGroup var store: StoreOptions
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let logs = try await session.workspace.inspection.logs()
            session.answer(output, logs, InspectionText(session.style).logs(logs))
        }
    }

    struct Show: ReadingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the ops of a log, in the order they are stored",
            discussion: """
                  fika log show '#Fredagsfika' --kind edit --user emma
                  fika log show '#Fredagsfika' --target a1b2c3:17 --bytes
                """)
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room, or the whole id of any log")
        var log: String
        @Option(help: "Only ops of this kind, as message, edit or vote")
        var kind: String?
        @Option(help: "Only ops by this user")
        var user: String?
        @Option(help: ArgumentHelp("Only ops of this replica", valueName: "digits"))
        var replica: String?
        @Option(help: ArgumentHelp("Only ops that act on this message", valueName: "message"))
        var target: String?
        @Flag(help: "Only ops that are not yet sealed")
        var unsealed = false
        @Option(help: "The most ops")
        var limit = 1000
        @Flag(help: "Show the bodies' bytes")
        var bytes = false
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            var acted: MessageID?
            if let target { acted = try await session.message(target).id }
            let log = if let id = RoomID(log) { id } else { try await session.room(log).id }
            let ops = try await session.workspace.inspection.ops(
                of: log,
                OpFilter(
                    kind: kind, user: user, replica: replica, target: acted,
                    onlyUnsealed: unsealed, limit: max(0, limit)))
            session.answer(
                output, ops.map { OpRecord($0) },
                InspectionText(session.style).ops(ops, showsBytes: bytes))
        }
    }

    struct Verify: ReadingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check every hash, chain and seal, and all views against a rebuild",
            discussion: """
                Exits with 2 when anything is not as it must be; `fika log repair` then keeps
                what verifies.
                """)
        @OptionGroup var store: StoreOptions
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let line = ProgressLine("verified ops:")
            let found = try await session.workspace.inspection.verify { line.update($0) }
            line.finish()
            session.answer(
                output, found, InspectionText(session.style).verification(found))
            guard found.isGood else {
                throw FikaError(.damaged, "the store has \(found.problems.count) problems")
            }
        }
    }

    struct Statistics: ReadingCommand {
        static let configuration = CommandConfiguration(
            commandName: "stat", abstract: "Count the ops of each kind, and the bytes")
        @OptionGroup var store: StoreOptions
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let found = try await session.workspace.inspection.statistics()
            session.answer(output, found, InspectionText(session.style).statistics(found))
        }
    }

    struct Digest: ReadingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the digest of what a room shows",
            discussion: "Two stores that hold the same ops print the same digest.")
        @OptionGroup var store: StoreOptions
        @Argument(help: "The room")
        var room: String
        @OptionGroup var output: OutputOptions

        func run(in session: Session) async throws(FikaError) {
            let room = try await session.room(room).id
            let digest = try await session.workspace.inspection.digest(of: room)
            session.answer(output, ["digest": digest], digest)
        }
    }
}
