import Foundation
import Glibc
import Synchronization

/// The holder's side of the socket beside a store: carries out the commands of other processes.
///
/// Each connection brings one request, the bytes of which the handler answers. A connection that
/// sends anything else, or nothing, costs one thread for a limited time and never more.
package final class CommandSocket: Sendable {
    /// Answers one request; it is called on threads of the socket, several at a time.
    package typealias Handler = @Sendable ([UInt8]) -> [UInt8]

    /// The first byte of an answer: the handler's follows, or else the words of an error.
    static let answered: UInt8 = 0
    static let failed: UInt8 = 1
    /// Says that this connection will be served: a client that has not read it sent nothing.
    static let greeting: [UInt8] = [0x46]

    private static let connectionsMaximum = 8

    private let state: State
    private let path: String

    /// What the threads share with the socket's owner.
    private final class State: Sendable {
        let listener: LocalSocket
        let handler: Handler
        let patience: Duration
        let connections = Atomic<Int>(0)
        /// All threads of the socket.
        let threads = DispatchGroup()
        let isStopped = Atomic<Bool>(false)

        init(listener: consuming LocalSocket, handler: @escaping Handler, patience: Duration) {
            self.listener = listener
            self.handler = handler
            self.patience = patience
        }
    }

    /// Begins to listen in a store's folder; who calls it holds the store's lock, so a socket that
    /// is there already belongs to a dead process and is replaced.
    ///
    /// - Parameters:
    ///   - folder: The store's folder.
    ///   - patience: How long a client may take to hand over a request, or take the answer.
    ///   - handler: Answers the requests.
    /// - Throws: `CommandSocketError.system`.
    package init(
        folder: String, patience: Duration = .seconds(5), handler: @escaping Handler
    ) throws(CommandSocketError) {
        path = folder + "/socket"
        unlink(path)
        let listener = try LocalSocket()
        let bound = try LocalSocket.withAddress(folder: folder) { address, count in
            bind(listener.descriptor.raw, address, count)
        }
        // Nobody can connect before it listens, so nobody sees wider rights.
        guard bound == 0, chmod(path, 0o600) == 0, listen(listener.descriptor.raw, 16) == 0
        else { throw LocalSocket.failedCall("listen at \(path)") }
        let state = State(listener: listener, handler: handler, patience: patience)
        self.state = state
        state.threads.enter()
        Thread {
            Self.accept(state)
            state.threads.leave()
        }.start()
    }

    deinit {
        stop()
    }

    /// Ends the listening and removes the socket; returns when requests under way are answered.
    package func stop() {
        guard !state.isStopped.exchange(true, ordering: .relaxed) else { return }
        unlink(path)
        shutdown(state.listener.descriptor.raw, Int32(SHUT_RDWR))
        state.threads.wait()
    }

    private static func accept(_ state: State) {
        while !state.isStopped.load(ordering: .relaxed) {
            let raw = Glibc.accept(state.listener.descriptor.raw, nil, nil)
            if raw < 0 {
                // A client that gave up, or a moment without descriptors, ends nothing.
                if [EINTR, ECONNABORTED].contains(errno) { continue }
                if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(errno) {
                    poll(nil, 0, 50)
                    continue
                }
                return
            }
            _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
            let count = state.connections.add(1, ordering: .relaxed).newValue
            guard count <= connectionsMaximum else {
                close(raw)
                state.connections.subtract(1, ordering: .relaxed)
                continue
            }
            state.threads.enter()
            Thread {
                serve(LocalSocket(accepted: raw), state)
                state.connections.subtract(1, ordering: .relaxed)
                state.threads.leave()
            }.start()
        }
    }

    private static func serve(_ socket: consuming LocalSocket, _ state: State) {
        guard socket.isPeerSameUser else { return }
        let answer: [UInt8]
        do throws(CommandSocketError) {
            try socket.send(greeting, until: ContinuousClock.now + state.patience)
            let request = try socket.receiveFrame(
                limit: LocalSocket.requestBytesMaximum,
                until: ContinuousClock.now + state.patience)
            answer = check([answered] + state.handler(request))
        } catch {
            answer = [failed] + Array("the request was not read: \(error)".utf8)
        }
        // Who does not take the answer has given up; nobody is left to be told.
        try? socket.sendFrame(answer, until: ContinuousClock.now + state.patience)
    }

    private static func check(_ answer: [UInt8]) -> [UInt8] {
        guard answer.count > LocalSocket.responseBytesMaximum else { return answer }
        return [failed] + Array("the answer has \(answer.count) bytes".utf8)
    }
}
