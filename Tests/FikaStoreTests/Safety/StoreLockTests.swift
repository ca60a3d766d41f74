import FikaStore
import FikaTestSupport
import Foundation
import Testing

struct StoreLockTests {
    @Test func `a second holder is told who has the store`() throws {
        let folder = try TemporaryFolder()
        let lock = try StoreLock(folder: folder.path, command: "fika import irc")
        let holder = StoreError.inUse(
            processID: ProcessInfo.processInfo.processIdentifier, command: "fika import irc")
        #expect(throws: holder) { try StoreLock(folder: folder.path, command: "fika send") }
        withExtendedLifetime(lock) {}
    }

    @Test func `a lock that was given back can be taken`() throws {
        let folder = try TemporaryFolder()
        do {
            let lock = try StoreLock(folder: folder.path, command: "first")
            withExtendedLifetime(lock) {}
        }
        #expect(throws: Never.self) { try StoreLock(folder: folder.path, command: "second") }
    }

    @Test func `a lock ends with the process that has it`() throws {
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        process.arguments = [folder.path("lock"), "-c", "echo taken; read line"]
        let output = Pipe()
        let input = Pipe()
        process.standardOutput = output
        process.standardInput = input
        try process.run()
        // The first bytes say that it has the lock.
        #expect(output.fileHandleForReading.availableData.isEmpty == false)
        #expect(throws: StoreError.self) { try StoreLock(folder: folder.path, command: "us") }
        try input.fileHandleForWriting.write(contentsOf: Data("\n".utf8))
        process.waitUntilExit()
        #expect(throws: Never.self) { try StoreLock(folder: folder.path, command: "us") }
    }

    @Test func `a folder that is missing is named`() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path("nowhere")
        #expect(throws: StoreError.system("open \(missing)/lock: No such file or directory")) {
            try StoreLock(folder: missing, command: "us")
        }
    }
}
