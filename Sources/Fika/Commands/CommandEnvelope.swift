import FikaStore
import Foundation

/// How commands and their outcomes travel between two processes: JSON, one object each way.
enum CommandEnvelope {
    struct Request: Codable {
        /// Raised when the form of commands changes; both processes must agree.
        var version = 1
        var workspace: String
        var command: Command
    }

    struct Response: Codable {
        var outcome: CommandOutcome?
        var errorCode: String?
        var errorMessage: String?
    }

    /// Carries out another process's request; whatever it sent gets an answer.
    static func answer(_ request: [UInt8], by workspace: Workspace?) -> [UInt8] {
        let response: Response
        do {
            guard let workspace else {
                throw FikaError(.storeInUse, "the store is being closed")
            }
            let request = try decode(Request.self, request)
            guard request.version == 1, request.workspace == workspace.id else {
                throw FikaError(.malformedInput, "the command is of another version or workspace")
            }
            response = Response(outcome: try workspace.carryOut(request.command) { _ in })
        } catch {
            let error = FikaError(error)
            response = Response(errorCode: error.code.description, errorMessage: error.message)
        }
        return encode(response)
    }

    /// Hands a command to the process that holds the store of a folder.
    static func send(
        _ command: Command, workspace: String, folder: String, timeout: Duration
    ) throws -> CommandOutcome {
        let request = encode(Request(workspace: workspace, command: command))
        let answer = try CommandClient.send(request, folder: folder, timeout: timeout)
        let response = try decode(Response.self, answer)
        if let outcome = response.outcome { return outcome }
        throw FikaError(
            FikaError.Code(name: response.errorCode ?? "") ?? .system,
            response.errorMessage ?? "the process that holds the store gave no reason")
    }

    private static func encode(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .secondsSince1970
        do {
            return Array(try encoder.encode(value))
        } catch {
            preconditionFailure("commands and outcomes have a form in JSON: \(error)")
        }
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type, _ bytes: [UInt8]
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        do {
            return try decoder.decode(type, from: Data(bytes))
        } catch {
            throw FikaError(.malformedInput, "no command of this version", underlying: error)
        }
    }
}
