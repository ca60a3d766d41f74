import Glibc

/// What the files of a folder hold.
struct FolderState {
    var files: [String: [UInt8]] = [:]

    /// Reads a folder; one that is missing has no files.
    init(of folder: String) {
        for name in Files.names(folder) where Files.inode(folder + "/" + name) != nil {
            files[name] = Files.bytes(folder + "/" + name)
        }
    }

    init(files: [String: [UInt8]]) {
        self.files = files
    }

    /// Gives a folder these files and no others; those that it has stay the same files.
    func restore(to folder: String) throws {
        try Files.makeFolder(folder)
        for name in Files.names(folder) where files[name] == nil {
            Files.remove(folder + "/" + name)
        }
        for (name, bytes) in files.sorted(by: { $0.key < $1.key }) {
            try Files.write(bytes, to: folder + "/" + name)
        }
    }

    /// Whether some bytes stand in any of the files.
    func holds(_ text: String) -> Bool {
        let needle = Array(text.utf8)
        return files.values.contains { bytes in
            guard let first = needle.first, bytes.count >= needle.count else { return false }
            return bytes.withUnsafeBytes { bytes in
                (0...(bytes.count - needle.count)).contains { place in
                    bytes[place] == first
                        && bytes[place..<place + needle.count].elementsEqual(needle)
                }
            }
        }
    }
}
