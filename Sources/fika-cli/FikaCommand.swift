import ArgumentParser

/// The program `fika`: everything a person can do with a store from a terminal.
@main
struct FikaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fika",
        abstract: "Chat with or without a network, and look into every op of it",
        discussion: """
            A store is a folder that belongs to one user. Begin with one, make a room,
            write:

              fika init --user emma
              fika room create Fredagsfika --member omid
              fika send '#Fredagsfika' 'Kanelbullar eller semlor?'
              fika timeline '#Fredagsfika'
              fika sync --relay relay.example:7447

            A ROOM is '#name', a name, '@user' for a private chat, or the first digits
            of its id. A MESSAGE is its short id, as timelines show it: a1b2c3:17.

            The store is --store, else $FIKA_STORE, else ~/.local/share/fika.

            Exit codes: 0 done; 1 refused, not found or ambiguous; 2 bad input or
            damaged data; 64 wrong usage; 71 the system said no; 75 the store is in use,
            the relay cannot be reached, or does not know a room.
            """,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(name: "Begin", subcommands: [InitCommand.self]),
            CommandGroup(
                name: "Rooms",
                subcommands: [RoomCommand.self, PrivateCommand.self]),
            CommandGroup(
                name: "Writing",
                subcommands: [
                    SendCommand.self, ReplyCommand.self, EditCommand.self, DeleteCommand.self,
                    ReactCommand.self, PinCommand.self, PollCommand.self,
                ]),
            CommandGroup(
                name: "Reading",
                subcommands: [
                    TimelineCommand.self, ReadCommand.self, SearchCommand.self,
                    OutboxCommand.self,
                ]),
            CommandGroup(
                name: "Exchanging",
                subcommands: [
                    SyncCommand.self, ServeCommand.self, RelayCommand.self, StatusCommand.self,
                ]),
            CommandGroup(
                name: "Looking inside",
                subcommands: [LogCommand.self, WhyCommand.self]),
            CommandGroup(name: "From elsewhere", subcommands: [ImportCommand.self]),
            CommandGroup(name: "Proving", subcommands: [SimulateCommand.self]),
        ])
}
