import Glibc

/// A Unix domain socket and the frames on it: four bytes of length, big-endian, then as many bytes.
struct LocalSocket: ~Copyable, Sendable {
    let descriptor: Descriptor

    static let requestBytesMaximum = 1 << 20
    static let responseBytesMaximum = 16 << 20

    init() throws(CommandSocketError) {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw Self.failedCall("socket") }
        descriptor = Descriptor(owning: raw)
    }

    init(accepted raw: Int32) {
        descriptor = Descriptor(owning: raw)
    }

    /// Whether the process on the other side belongs to the same user as this one.
    var isPeerSameUser: Bool {
        // Process, user and group, as SO_PEERCRED gives them.
        var credentials: [UInt32] = [0, .max, .max]
        var count = socklen_t(credentials.count * 4)
        let done = getsockopt(descriptor.raw, SOL_SOCKET, SO_PEERCRED, &credentials, &count)
        return done == 0 && count == 12 && credentials[1] == geteuid()
    }

    /// Calls `body` with the address of the socket in a folder, and restores errors as they were.
    ///
    /// An address holds 107 bytes of path; a longer folder is reached through its open descriptor.
    static func withAddress(
        folder: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(CommandSocketError) -> Int32 {
        let direct = folder + "/socket"
        var address = sockaddr_un()
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        if direct.utf8.count <= room { return bind(&address, path: direct, body) }
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { throw failedCall("open \(folder)") }
        let holder = Descriptor(owning: parent)
        return bind(&address, path: "/proc/self/fd/\(holder.raw)/socket", body)
    }

    private static func bind(
        _ address: inout sockaddr_un, path: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    func sendFrame(
        _ bytes: [UInt8], until deadline: ContinuousClock.Instant
    ) throws(CommandSocketError) {
        let count = UInt32(bytes.count)
        let head = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
        try send(head + bytes, until: deadline)
    }

    /// Receives a frame; its length is checked before anything is allocated for it.
    func receiveFrame(
        limit: Int, until deadline: ContinuousClock.Instant
    ) throws(CommandSocketError) -> [UInt8] {
        let head = try receive(4, until: deadline)
        let count = head.reduce(0) { $0 << 8 | Int($1) }
        guard count <= limit else { throw .tooLarge(byteCount: count, limit: limit) }
        return try receive(count, until: deadline)
    }

    func send(
        _ bytes: [UInt8], until deadline: ContinuousClock.Instant
    ) throws(CommandSocketError) {
        var done = 0
        while done < bytes.count {
            try wait(for: POLLOUT, until: deadline)
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor.raw, buffer.baseAddress?.advanced(by: done), bytes.count - done,
                    Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw Self.ended("send") }
            done += count
        }
    }

    func receive(
        _ total: Int, until deadline: ContinuousClock.Instant
    ) throws(CommandSocketError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(max(total, 1), 1 << 16))
        while bytes.count < total {
            try wait(for: POLLIN, until: deadline)
            let wanted = min(buffer.count, total - bytes.count)
            let count = recv(descriptor.raw, &buffer, wanted, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { throw count == 0 ? .closed : Self.ended("receive") }
            bytes += buffer[..<count]
        }
        return bytes
    }

    private func wait(
        for events: Int32, until deadline: ContinuousClock.Instant
    ) throws(CommandSocketError) {
        while true {
            let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
            guard left > 0 else { throw .timedOut }
            var entry = pollfd(fd: descriptor.raw, events: Int16(events), revents: 0)
            let count = poll(&entry, 1, Int32(min(left.rounded(.up), 60_000)))
            if count > 0 { return }
            guard count == 0 || errno == EINTR else { throw Self.failedCall("poll") }
        }
    }

    private static func ended(_ call: String) -> CommandSocketError {
        errno == EPIPE || errno == ECONNRESET ? .closed : failedCall(call)
    }

    static func failedCall(_ name: String) -> CommandSocketError {
        .system("\(name): \(String(cString: strerror(errno)))")
    }
}
