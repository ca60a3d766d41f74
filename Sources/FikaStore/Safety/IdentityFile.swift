package import FikaLog
import FikaCRDT
import Glibc

/// The secrets of a store, in the file `identity` that its owner alone may read, and nowhere else.
///
/// Text, a word and 64 hexadecimal digits a line.
package struct IdentityFile: Sendable {
    /// The key of this device.
    package let device: DeviceKey
    /// The workspace's key, where the workspace was made here.
    package let workspace: DeviceKey?

    private static let header = "fika identity 1"
    private static let bytesMaximum = 4096

    package init(device: DeviceKey, workspace: DeviceKey?) {
        self.device = device
        self.workspace = workspace
    }

    /// Reads the file of a store's folder.
    ///
    /// - Throws: `StoreError.damaged` when it is not what was written, `StoreError.system` when it
    ///   is missing or when others may read it.
    package init(folder: String) throws(StoreError) {
        let path = folder + "/identity"
        let file = try Descriptor.opening(path, O_RDONLY | O_NOFOLLOW)
        guard try file.status().st_mode & 0o077 == 0 else {
            throw .system("\(path) may be read by others; chmod 600 makes it private again")
        }
        let text = String(decoding: try file.read(limit: Self.bytesMaximum), as: UTF8.self)
        guard let identity = IdentityFile(text: text) else {
            throw .damaged("\(path) is no identity file")
        }
        self = identity
    }

    init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard (3...4).contains(lines.count), lines.first == Self.header[...],
            lines.last?.isEmpty == true, let device = Self.key(lines[1], named: "device ")
        else { return nil }
        var workspace: DeviceKey?
        if lines.count == 4 {
            guard let key = Self.key(lines[2], named: "workspace ") else { return nil }
            workspace = key
        }
        self.init(device: device, workspace: workspace)
    }

    /// Writes the file into a store's folder that has none; it is on the disk when this returns.
    package func write(folder: String) throws(StoreError) {
        let path = folder + "/identity"
        let draft = path + ".new"
        unlink(draft)
        let file = try Descriptor.opening(draft, O_WRONLY | O_CREAT | O_EXCL)
        try file.write(Array(text.utf8))
        try file.synchronize()
        // Unlike a rename, a link never takes the place of keys that are there.
        let linked = link(draft, path)
        let failure = StoreError.failedCall("create", path)
        unlink(draft)
        guard linked == 0 else { throw failure }
        let parent = try Descriptor.opening(folder, O_RDONLY | O_DIRECTORY)
        try parent.synchronize()
    }

    var text: String {
        var text = "\(Self.header)\ndevice \(Hexadecimal.text(device.seed))\n"
        if let workspace { text += "workspace \(Hexadecimal.text(workspace.seed))\n" }
        return text
    }

    private static func key(_ line: Substring, named name: String) -> DeviceKey? {
        guard line.hasPrefix(name), let seed = Hexadecimal.bytes(line.dropFirst(name.count))
        else { return nil }
        return DeviceKey(seed: seed)
    }
}
