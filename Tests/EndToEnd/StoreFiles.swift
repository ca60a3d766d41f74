import Foundation

/// The files of a database, seen from outside.
struct StoreFiles {
    let folder: String
    /// The database's file.
    let name: String

    /// Bytes of it, with what is not checkpointed.
    var byteCount: Int {
        ["", "-wal"].reduce(0) { sum, suffix in
            let attributes = try? FileManager.default.attributesOfItem(
                atPath: folder + "/" + name + suffix)
            return sum + (attributes?[.size] as? Int ?? 0)
        }
    }

    /// Deletes it, and nothing else of the folder.
    func delete() throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: folder)
        where file.hasPrefix(name) {
            try FileManager.default.removeItem(atPath: folder + "/" + file)
        }
    }
}
