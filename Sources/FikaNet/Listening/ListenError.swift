/// Why nothing listens.
package enum ListenError: Error, Hashable, Sendable {
    /// The address is beyond this machine, which was not allowed.
    case notLoopback(String)
    /// The system said no; the text says why.
    case cannotBind(String)
}
