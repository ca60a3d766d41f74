import Foundation
import Glibc

/// The program `fikad` with a folder.
final class RelayProcess {
    let folder: String
    let watch: Watch
    private let scratch: Scratch
    private var child: Child?
    /// Where it listens, and listens again after it is started anew.
    private(set) var address = "127.0.0.1:0"

    init(_ name: String = "relay", in scratch: Scratch) {
        self.scratch = scratch
        folder = scratch.path(name)
        watch = Watch(folder, named: name, in: scratch)
    }

    deinit {
        child?.end(SIGKILL)
    }

    /// Starts it; returns once it listens, or false when it ended first.
    @discardableResult
    func start(
        _ noting: Person.Noting = .nothing, anywhere: Bool = false, repairs: Bool = false
    ) throws -> Bool {
        var settings = scratch.environment
        switch noting {
        case .nothing: break
        case .changes: settings.merge(watch.settings(nil)) { $1 }
        case .fault(let fault): settings.merge(watch.settings(fault)) { $1 }
        }
        if anywhere { address = "127.0.0.1:0" }
        var arguments = ["--data", folder, "--listen", address]
        if repairs { arguments.append("--repair") }
        let child = try Child(
            scratch.programs + "/fikad", arguments, settings,
            files: scratch.path("files/\(Serial.next())"))
        self.child?.removeFiles()
        self.child = child
        let listens = try Patience.until("fikad listens") { () -> Bool? in
            let log = child.complained
            if let match = log.firstMatch(of: /listening.* address=(\S+)/) {
                address = String(match.1)
                return true
            }
            return child.poll() == nil ? nil : false
        }
        return listens
    }

    /// Starts what must start.
    func mustStart(
        _ noting: Person.Noting = .nothing, anywhere: Bool = false, repairs: Bool = false
    ) throws {
        guard try start(noting, anywhere: anywhere, repairs: repairs) else {
            throw Trouble("fikad does not start: \(log)")
        }
    }

    @discardableResult
    func end(_ signal: Int32) -> Int32 {
        child?.end(signal) ?? 0
    }

    func send(_ signal: Int32) { child?.send(signal) }

    var isRunning: Bool { child.map { $0.poll() == nil } ?? false }
    /// How it ended; nil while it runs.
    var code: Int32? { child?.poll() }
    var log: String { child?.complained ?? "" }
    var state: FolderState { FolderState(of: folder) }
}
