/// Where a relay or another device listens.
package struct LinkAddress: Hashable, Sendable {
    /// A name or an address.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
