import Foundation

/// The files of a folder, and what inputs do to them: each part of one names a file and replaces
/// bytes from an offset on.
struct DamagedFiles {
    private let folder: TemporaryFolder
    private let name: String
    private let originals: [(name: String, bytes: [UInt8])]

    /// Reads files from where they lie.
    init(_ names: [String], of path: String, as name: String, in folder: TemporaryFolder) throws {
        self.folder = folder
        self.name = name
        originals = try names.map { file in
            (file, Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + file))))
        }
        try FileManager.default.createDirectory(
            atPath: self.path, withIntermediateDirectories: true)
        for (file, bytes) in originals { try folder.write(bytes, to: name + "/" + file) }
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: self.path + "/identity")
    }

    var path: String { folder.path(name) }
    var byteCount: Int { originals.reduce(0) { $0 + $1.bytes.count } }

    /// A part of an input; bit 7 of the file's number cuts the file off at the offset.
    static func damage(_ file: UInt8, at offset: Int, _ bytes: [UInt8]) -> [UInt8] {
        let place = [16, 8, 0].map { UInt8(offset >> $0 & 0xFF) }
        return FuzzRecords.part(file, place + bytes)
    }

    /// Damages of a database that is the first file: a header's fields, and in each page its kind,
    /// its count of cells and its first cells; then of the other files.
    func damages() -> [[UInt8]] {
        var damages: [[UInt8]] = [[]]
        for offset in [16, 18, 24, 28, 32, 36, 40, 44, 52, 56, 60, 96, 100, 103, 105, 108] {
            damages.append(Self.damage(0, at: offset, [0xFF, 0x01]))
        }
        for page in stride(from: 0, to: originals[0].bytes.count, by: 4096) {
            damages.append(Self.damage(0, at: page, [13]))
            damages.append(Self.damage(0, at: page + 3, [0, 200]))
            damages.append(Self.damage(0, at: page + 8, [15, 255]))
            damages.append(Self.damage(0, at: page + 2000, [0x7F, 0xFF]))
        }
        damages.append(Self.damage(0x80, at: 5000, []))
        damages.append(Self.damage(1, at: 10, [1, 2, 3]))
        damages.append(Self.damage(0x81, at: 40, []))
        damages.append(Self.damage(2, at: 20, [48, 49]))
        return damages
    }

    /// Makes the folder what an input says.
    func write(_ input: ArraySlice<UInt8>) throws {
        var files = originals
        for (head, body) in FuzzRecords(input).prefix(64) where body.count >= 3 {
            let index = Int(head & 0x7F) % files.count
            let offset = body[..<3].reduce(0) { $0 << 8 | Int($1) } % (files[index].bytes.count + 1)
            if head & 0x80 != 0 {
                files[index].bytes.removeSubrange(offset...)
            } else {
                let end = min(offset + body.count - 3, files[index].bytes.count)
                files[index].bytes.replaceSubrange(
                    offset..<end, with: body[3...].prefix(end - offset))
            }
        }
        let names = Set(files.map(\.name))
        for file in try FileManager.default.contentsOfDirectory(atPath: path)
        where !names.contains(file) {
            try FileManager.default.removeItem(atPath: path + "/" + file)
        }
        for (file, bytes) in files { try folder.write(bytes, to: name + "/" + file) }
    }
}
