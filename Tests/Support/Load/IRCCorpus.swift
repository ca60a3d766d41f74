import CZstd
package import Fika
import Foundation

/// A large log of a real channel that is not part of the project: used where it is present.
///
/// It is looked for in `../shared/corpora` beside the project, or where `FIKA_CORPORA` says.
package enum IRCCorpus {
    private static let name = "ubuntu-irc.tar.zst"

    /// The archive's path; nil where there is none.
    package static var path: String? {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["FIKA_CORPORA"]
            ?? root.appendingPathComponent("../shared/corpora").path
        let path = folder + "/" + name
        return FileManager.default.isReadableFile(atPath: path) ? path : nil
    }

    /// Reads the first days of the log, or all.
    package static func entries(path: String, days: Int = .max) throws -> [ImportedEntry] {
        let archive = try decompress(Data(contentsOf: URL(fileURLWithPath: path)))
        var files: [IRCDayFile] = []
        var offset = 0
        while offset + 512 <= archive.count, archive[offset] != 0, files.count < days {
            let name = text(archive[offset..<offset + 100])
            let count = Int(text(archive[offset + 124..<offset + 136]), radix: 8) ?? 0
            offset += 512
            if name.hasSuffix(".txt") {
                files.append(
                    try IRCDayFile(path: name, content: Array(archive[offset..<offset + count])))
            }
            offset += (count + 511) / 512 * 512
        }
        return try IRCLog(files: files, zone: .gmt).entries
    }

    /// A field of a tar header: text up to the first NUL or blank.
    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 && $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }

    private static func decompress(_ data: Data) throws -> [UInt8] {
        let frame = Array(data)
        var archive: [UInt8] = []
        let stream = ZSTD_createDStream()
        defer { ZSTD_freeDStream(stream) }
        var piece = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        try frame.withUnsafeBytes { source in
            var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            while input.pos < input.size {
                let written = try piece.withUnsafeMutableBytes { target in
                    var output = ZSTD_outBuffer(
                        dst: target.baseAddress, size: target.count, pos: 0)
                    guard ZSTD_isError(ZSTD_decompressStream(stream, &output, &input)) == 0 else {
                        throw CocoaError(.fileReadCorruptFile)
                    }
                    return output.pos
                }
                archive.append(contentsOf: piece[..<written])
            }
        }
        return archive
    }
}
