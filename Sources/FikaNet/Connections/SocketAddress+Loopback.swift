package import NIOCore

extension SocketAddress {
    /// Whether only this machine can be at the other end.
    package var isLoopback: Bool {
        guard let text = ipAddress else { return true }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }
}
