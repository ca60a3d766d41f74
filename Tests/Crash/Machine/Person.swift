import Foundation

/// Somebody with a store, and the program `fika` to use it.
struct Person {
    let name: String
    let folder: String
    let watch: Watch
    private let scratch: Scratch

    init(_ name: String, store: String? = nil, in scratch: Scratch) {
        self.name = name
        self.scratch = scratch
        folder = scratch.path(store ?? name)
        watch = Watch(folder, named: store ?? name, in: scratch)
    }

    /// What a run of the program came to.
    struct Result {
        let code: Int32
        let output: String
        let errors: String

        var isDone: Bool { code == 0 }
        var answer: String { output.trimmingCharacters(in: .whitespacesAndNewlines) }

        /// Why the end of a run is none that a program may have; nil when it is one.
        var complaint: String? {
            switch code {
            case 0: nil
            case 1, 2, 64, 71, 75:
                errors.hasPrefix("fika: ") || errors.hasPrefix("Error: ")
                    ? nil : "code \(code) without a reason: \(errors)"
            default: "ended with \(code): \(errors)"
            }
        }
    }

    /// Whether the shim notes what happens.
    enum Noting {
        case nothing
        case changes
        case fault(Fault)
    }

    func start(_ arguments: [String], _ noting: Noting = .nothing) throws -> Child {
        var settings = scratch.environment
        settings["FIKA_STORE"] = folder
        switch noting {
        case .nothing: break
        case .changes: settings.merge(watch.settings(nil)) { $1 }
        case .fault(let fault): settings.merge(watch.settings(fault)) { $1 }
        }
        return try Child(
            scratch.programs + "/fika", arguments, settings,
            files: scratch.path("files/\(Serial.next())"))
    }

    @discardableResult
    func run(_ arguments: [String], _ noting: Noting = .nothing) throws -> Result {
        let child = try start(arguments, noting)
        let code = try child.wait()
        defer { child.removeFiles() }
        return Result(code: code, output: child.said, errors: child.complained)
    }

    /// Runs what must succeed.
    @discardableResult
    func must(_ arguments: [String], _ noting: Noting = .nothing) throws -> String {
        let result = try run(arguments, noting)
        guard result.isDone else {
            throw Trouble("\(name): \(arguments.joined(separator: " ")): \(result)")
        }
        return result.answer
    }

    var state: FolderState { FolderState(of: folder) }

    /// The rows of a room, newest last; at most a thousand.
    func rows(_ room: String) throws -> Rows {
        Rows(try must(["timeline", room, "--limit", "1000", "--json"]))
    }

    func digest(_ room: String) throws -> String {
        try must(["log", "digest", room])
    }
}
