import Glibc

/// How a second process has its command carried out by the one that holds the store.
package enum CommandClient {
    /// Sends a request to the holder of the store in a folder and waits for the answer.
    ///
    /// - Parameters:
    ///   - request: At most 1 MiB.
    ///   - folder: The store's folder.
    ///   - timeout: For everything together.
    /// - Returns: The holder's answer.
    /// - Throws: `CommandSocketError`; after `timedOut` and `closed` the command may have been
    ///   carried out or not, after all others it was not.
    package static func send(
        _ request: [UInt8], folder: String, timeout: Duration
    ) throws(CommandSocketError) -> [UInt8] {
        let limit = LocalSocket.requestBytesMaximum
        guard request.count <= limit else {
            throw .tooLarge(byteCount: request.count, limit: limit)
        }
        let deadline = ContinuousClock.now + timeout
        let socket = try LocalSocket()
        let connected = try LocalSocket.withAddress(folder: folder) { address, count in
            connect(socket.descriptor.raw, address, count)
        }
        guard connected == 0 else {
            let isAbsent = [ENOENT, ECONNREFUSED, ENOTSOCK, ENOTDIR].contains(errno)
            throw isAbsent ? .noListener : LocalSocket.failedCall("connect")
        }
        guard socket.isPeerSameUser else { throw .foreignPeer }
        try awaitGreeting(on: socket, until: deadline)
        try socket.sendFrame(request, until: deadline)
        let answer = try socket.receiveFrame(
            limit: LocalSocket.responseBytesMaximum + 1, until: deadline)
        switch answer.first {
        case CommandSocket.answered: return Array(answer.dropFirst())
        case .some: throw .refused(String(decoding: answer.dropFirst(), as: UTF8.self))
        case nil: throw .closed
        }
    }

    private static func awaitGreeting(
        on socket: borrowing LocalSocket, until deadline: ContinuousClock.Instant
    ) throws(CommandSocketError) {
        let greeting: [UInt8]
        do throws(CommandSocketError) {
            greeting = try socket.receive(CommandSocket.greeting.count, until: deadline)
        } catch {
            // The holder went away before it took the request: as if it had never listened.
            throw error == .closed || error == .timedOut ? .noListener : error
        }
        guard greeting == CommandSocket.greeting else { throw .refused("another protocol") }
    }
}
