import ArgumentParser

@main
struct FikadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fikad", abstract: "Stores and fans out the ops of Fika's clients")
}
