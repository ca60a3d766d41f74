/// Why a command did not reach the process that holds the store, or its answer did not come back.
package enum CommandSocketError: Error, Hashable, Sendable {
    /// Nobody listens at the store.
    case noListener
    /// No whole answer came in time; whether the command was carried out is not known.
    case timedOut
    /// The other side ended the connection before its answer was whole.
    case closed
    case tooLarge(byteCount: Int, limit: Int)
    /// The other side belongs to another user of the machine.
    case foreignPeer
    /// The other side did not understand the request.
    case refused(String)
    case system(String)
}
