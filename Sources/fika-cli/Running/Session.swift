import Fika
import Foundation

/// An open store and how to answer.
struct Session: Sendable {
    let workspace: Workspace
    let style: Style

    /// Finds a room by what a person wrote; a private chat is made known when it is first named.
    func room(_ reference: String) async throws(FikaError) -> Room {
        do throws(FikaError) {
            return workspace.room(try await workspace.findRoom(reference).id)
        } catch {
            guard error.code == .notFound, reference.hasPrefix("@"),
                workspace.access != .reader
            else { throw error }
            return try await workspace.privateChat(with: String(reference.dropFirst()))
        }
    }

    func message(_ reference: String) async throws(FikaError) -> Message {
        try await workspace.findMessage(reference)
    }

    /// Finds an item of the outbox by its whole or short id.
    func outboxItem(_ reference: String) async throws(FikaError) -> MessageID {
        let found = try await workspace.outbox.items().map(\.first).filter {
            $0.short == reference || $0.description == reference
        }
        guard let item = found.first else {
            throw FikaError(.notFound, "no item \(reference) in the outbox")
        }
        guard found.count == 1 else {
            throw FikaError(.ambiguous, "\(reference) means several items: give the whole id")
        }
        return item
    }

    /// Writes the answer, as text or as JSON.
    func answer(_ isJSON: OutputOptions, _ record: some Encodable, _ text: String) {
        print(isJSON.isJSON ? JSONText.text(record) : text)
    }
}
