import Glibc
import Synchronization

/// A process that was started here; nothing but its files, its signals and its end.
final class Child {
    let id: pid_t
    private let output: String
    private let errors: String
    private var status: Int32?

    /// The code of a process that had to be killed because it did not end, as `timeout` gives it.
    static let hangs: Int32 = 124

    /// Above this a process hangs: nothing that is done here takes a tenth of it.
    static let limitMilliseconds = 60_000

    init(_ program: String, _ arguments: [String], _ environment: [String: String], files: String)
        throws
    {
        (output, errors) = (files + ".out", files + ".err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (number, path) in [(1, output), (2, errors)] {
            posix_spawn_file_actions_addopen(
                &actions, Int32(number), path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        }
        let words = ([program] + arguments).map { strdup($0) }
        let settings = environment.sorted { $0.key < $1.key }.map { strdup("\($0)=\($1)") }
        defer { for text in words + settings { free(text) } }
        var id: pid_t = 0
        let error = posix_spawn(&id, program, &actions, nil, words + [nil], settings + [nil])
        guard error == 0 else { throw Trouble("cannot start \(program): \(error)") }
        self.id = id
        Children.all.withLock { _ = $0.insert(id) }
    }

    deinit {
        if status == nil { end(SIGKILL) }
    }

    /// Its exit code, or 128 and the signal that ended it; nil while it runs.
    func poll() -> Int32? {
        if let status { return status }
        var raw: Int32 = 0
        guard waitpid(id, &raw, WNOHANG) == id else { return nil }
        return ended(raw)
    }

    /// Waits for its end.
    func wait() throws -> Int32 {
        try Patience.until("process \(id) ends", milliseconds: Self.limitMilliseconds) { poll() }
    }

    /// Sends a signal and waits for the end that it brings; a process that does not end is killed,
    /// and its code is `hangs`.
    @discardableResult
    func end(_ signal: Int32) -> Int32 {
        if let status { return status }
        kill(id, signal)
        if let code = try? wait() { return code }
        kill(id, SIGKILL)
        _ = try? wait()
        status = Self.hangs
        return Self.hangs
    }

    func removeFiles() {
        Files.remove(output)
        Files.remove(errors)
    }

    func send(_ signal: Int32) {
        if status == nil { kill(id, signal) }
    }

    private func ended(_ raw: Int32) -> Int32 {
        let code = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
        status = code
        Children.all.withLock { _ = $0.remove(id) }
        return code
    }

    var said: String { Self.text(output) }
    var complained: String { Self.text(errors) }

    private static func text(_ path: String) -> String {
        String(decoding: Files.bytes(path) ?? [], as: UTF8.self)
    }
}
