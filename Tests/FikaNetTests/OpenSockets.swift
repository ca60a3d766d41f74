import Glibc

/// The sockets of this process at the ends of connections to one of its ports.
enum OpenSockets {
    static func connected(to port: Int) -> [Int32] {
        (0..<4096).filter { socket in
            guard let far = Self.port(of: socket, getpeername) else { return false }
            return far == port || Self.port(of: socket, getsockname) == port
        }
    }

    /// The value of an option that is a number.
    static func option(_ name: Int32, level: Int32, of socket: Int32) -> Int32? {
        var value: Int32 = 0
        var count = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket, level, name, &value, &count) == 0 ? value : nil
    }

    private typealias NameCall = (
        Int32, UnsafeMutablePointer<sockaddr>?, UnsafeMutablePointer<socklen_t>?
    ) -> Int32

    private static func port(of socket: Int32, _ call: NameCall) -> Int? {
        var name = sockaddr_in()
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call(socket, $0, &count) }
        }
        guard result == 0, name.sin_family == sa_family_t(AF_INET) else { return nil }
        return Int(UInt16(bigEndian: name.sin_port))
    }
}
