import FikaLog
import FikaStore
import FikaTestSupport
import Foundation
import Testing

struct IdentityFileTests {
    private func key(_ byte: UInt8) throws -> DeviceKey {
        try #require(DeviceKey(seed: Array(repeating: byte, count: 32)))
    }

    @Test func `keys come back as they were written`() throws {
        for workspace in [nil, try key(2)] {
            let folder = try TemporaryFolder()
            try IdentityFile(device: try key(1), workspace: workspace).write(folder: folder.path)
            let read = try IdentityFile(folder: folder.path)
            #expect(read.device.seed == Array(repeating: 1, count: 32))
            #expect(read.workspace?.seed == workspace?.seed)
        }
    }

    @Test func `nobody else may read the file`() throws {
        let folder = try TemporaryFolder()
        try IdentityFile(device: try key(1), workspace: nil).write(folder: folder.path)
        let path = folder.path("identity")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(
            throws: StoreError.system(
                "\(path) may be read by others; chmod 600 makes it private again")
        ) { try IdentityFile(folder: folder.path) }
    }

    @Test func `keys that are there are never written over`() throws {
        let folder = try TemporaryFolder()
        try IdentityFile(device: try key(1), workspace: nil).write(folder: folder.path)
        #expect(throws: StoreError.self) {
            try IdentityFile(device: try key(3), workspace: nil).write(folder: folder.path)
        }
        #expect(try IdentityFile(folder: folder.path).device.seed.first == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
                == ["identity"])
    }

    @Test(arguments: [
        "", "\n\n\n", "fika identity 1\n", "fika identity 2\ndevice 00\n",
        "fika identity 1\ndevice 0102\n", "fika identity 1\nworkspace \n\n",
    ])
    func `anything else is damaged`(text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text.utf8, to: "identity")
        let path = folder.path("identity")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(throws: StoreError.damaged("\(path) is no identity file")) {
            try IdentityFile(folder: folder.path)
        }
    }
}
