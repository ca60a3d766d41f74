import FikaSimulation
import FikaStore
import FikaTestSupport
import Foundation
import Glibc
import Testing

struct CommandSocketTests {
    private let patience = Duration.seconds(20)

    @Test func `a request is answered with what the handler says`() throws {
        let folder = try TemporaryFolder()
        let socket = try CommandSocket(folder: folder.path) { $0.reversed() }
        let answer = try CommandClient.send([1, 2, 3], folder: folder.path, timeout: patience)
        #expect(answer == [3, 2, 1])
        let empty = try CommandClient.send([], folder: folder.path, timeout: patience)
        #expect(empty == [])
        socket.stop()
    }

    @Test func `only the owner may connect`() throws {
        let folder = try TemporaryFolder()
        let socket = try CommandSocket(folder: folder.path) { $0 }
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.path("socket"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        socket.stop()
    }

    @Test func `a stale socket is replaced, and a stopped one leaves nothing`() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "socket")
        #expect(throws: CommandSocketError.noListener) {
            try CommandClient.send([], folder: folder.path, timeout: patience)
        }
        let socket = try CommandSocket(folder: folder.path) { _ in [7] }
        #expect(try CommandClient.send([], folder: folder.path, timeout: patience) == [7])
        socket.stop()
        #expect(throws: CommandSocketError.noListener) {
            try CommandClient.send([], folder: folder.path, timeout: patience)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path("socket")))
    }

    @Test func `a folder with a long path has a socket too`() throws {
        let parent = try TemporaryFolder()
        let folder = parent.path(String(repeating: "d", count: 150))
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let socket = try CommandSocket(folder: folder) { $0 + $0 }
        #expect(try CommandClient.send([5], folder: folder, timeout: patience) == [5, 5])
        socket.stop()
    }

    @Test func `requests up to the limit pass, one byte more does not leave the client`() throws {
        let folder = try TemporaryFolder()
        let socket = try CommandSocket(folder: folder.path, patience: patience) {
            [UInt8($0.count >> 16)]
        }
        let largest = [UInt8](repeating: 1, count: 1 << 20)
        #expect(
            try CommandClient.send(largest, folder: folder.path, timeout: patience) == [16])
        #expect(
            throws: CommandSocketError.tooLarge(byteCount: (1 << 20) + 1, limit: 1 << 20)
        ) { try CommandClient.send(largest + [1], folder: folder.path, timeout: patience) }
        socket.stop()
    }

    @Test func `many at once are all answered`() async throws {
        let folder = try TemporaryFolder()
        let socket = try CommandSocket(folder: folder.path, patience: patience) { $0 }
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for byte in UInt8(0)..<6 {
                group.addTask {
                    try CommandClient.send([byte], folder: folder.path, timeout: .seconds(20))
                }
            }
            var answers: [[UInt8]] = []
            for try await answer in group { answers.append(answer) }
            #expect(answers.sorted { $0[0] < $1[0] } == (0..<6).map { [$0] })
        }
        socket.stop()
    }

    @Test func `garbage from a client gets an error and the socket goes on`() throws {
        let folder = try TemporaryFolder()
        let socket = try CommandSocket(folder: folder.path) { $0 }
        let announcements: [[UInt8]] = [[0xFF, 0xFF, 0xFF, 0xFF], [0, 0x10, 0, 1]]
        for announcement in announcements {
            let answer = try exchange(announcement, folder: folder.path)
            // A byte of greeting, four of length, then the word that it failed.
            #expect(answer.dropFirst(5).first == 1)
            #expect(
                String(decoding: answer.dropFirst(6), as: UTF8.self).contains("not read"))
        }
        // One that ends in the middle of its request is answered as well, or just closed.
        _ = try exchange([0, 0, 0, 9, 1, 2], folder: folder.path)
        #expect(try CommandClient.send([4], folder: folder.path, timeout: patience) == [4])
        socket.stop()
    }

    @Test func `seeded garbage never ends the socket`() throws {
        let folder = try TemporaryFolder()
        let socket = try CommandSocket(folder: folder.path) { $0 }
        var generator = SplitMix64(seed: 77)
        for _ in 0..<200 {
            let count = Int.random(in: 0...40, using: &generator)
            _ = try exchange(
                (0..<count).map { _ in .random(in: 0...255, using: &generator) },
                folder: folder.path)
        }
        #expect(try CommandClient.send([4], folder: folder.path, timeout: patience) == [4])
        socket.stop()
    }

    @Test func `a holder that does not answer in time is told apart from none`() throws {
        let folder = try TemporaryFolder()
        let gate = DispatchSemaphore(value: 0)
        let socket = try CommandSocket(folder: folder.path) { _ in
            gate.wait()
            return [1]
        }
        #expect(throws: CommandSocketError.timedOut) {
            try CommandClient.send([1], folder: folder.path, timeout: .milliseconds(20))
        }
        gate.signal()
        socket.stop()
    }

    /// Sends raw bytes, ends the sending side, and returns all that comes back.
    private func exchange(_ bytes: [UInt8], folder: String) throws -> [UInt8] {
        let raw = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(raw) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) {
            $0.copyBytes(from: Array((folder + "/socket").utf8))
        }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(raw, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(connected == 0)
        _ = send(raw, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        shutdown(raw, Int32(SHUT_WR))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(raw, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
    }
}
