import Glibc

/// A TCP connection over loopback, with as little around it as can be.
final class Socket {
    let descriptor: Int32

    /// A call that the system did not carry out, or an end that came too early.
    struct Failure: Error {
        let text: String
    }

    /// Connects to a port of this machine.
    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Self.failure("socket") }
        var address = Self.address(port: port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Self.failure("connect") }
        var on: Int32 = 1
        setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    private init(accepted: Int32) {
        descriptor = accepted
    }

    deinit {
        close(descriptor)
    }

    /// Listens on a free port, tells which, and takes the first who comes.
    static func accept(tell: (Int) -> Void) throws -> Socket {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = Self.address(port: 0)
        var count = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, count) + listen(listener, 1) + getsockname(listener, $0, &count)
            }
        }
        guard result == 0 else { throw failure("listen") }
        tell(Int(UInt16(bigEndian: address.sin_port)))
        let accepted = Glibc.accept(listener, nil, nil)
        guard accepted >= 0 else { throw failure("accept") }
        return Socket(accepted: accepted)
    }

    /// From now on nothing waits.
    func setNonblocking() {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Reads what is there; nil when nothing is, and an error at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int? {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return count }
        if count < 0, errno == EAGAIN || errno == EINTR { return nil }
        throw count == 0 ? Failure(text: "the other end closed") : Self.failure("recv")
    }

    /// Reads what is there, at most so many bytes.
    func read(atMost count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            read = try self.read(into: UnsafeMutableRawBufferPointer(buffer)) ?? 0
        }
    }

    func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = send(descriptor, part.baseAddress, part.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN || errno == EINTR {
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wanted, 1, 1000)
            } else {
                throw Self.failure("send")
            }
        }
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        return address
    }

    private static func failure(_ call: String) -> Failure {
        Failure(text: "\(call): \(String(cString: strerror(errno)))")
    }
}
