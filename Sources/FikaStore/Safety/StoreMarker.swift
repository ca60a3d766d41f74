import Crypto
import FikaWire
import Glibc

/// The file `marker` beside a database: it is advanced together with the database and betrays a
/// database, or a whole folder, that was put back or copied (rule S6).
///
/// The file is written in place, so that it stays the same file. It has two slots, each with a
/// checksum, that take turns: a write that a crash tears leaves the other.
package final class StoreMarker: Sendable {
    private let file: Descriptor

    private static let slotBytes = 512
    private static let magic = Array("FIKAMRK1".utf8)
    private static let contentBytes = 24
    private static let checksumBytes = 8

    /// Opens the marker in a store's folder; nil when there is none.
    package static func opening(folder: String) throws(StoreError) -> StoreMarker? {
        let path = folder + "/marker"
        guard access(path, F_OK) == 0 else { return nil }
        return StoreMarker(file: try Descriptor.opening(path, O_RDWR))
    }

    /// Makes a marker with a first value where there is none, on the disk when this returns.
    package static func creating(
        folder: String, value: MarkerValue
    ) throws(StoreError) -> StoreMarker {
        let marker = StoreMarker(
            file: try Descriptor.opening(folder + "/marker", O_RDWR | O_CREAT | O_EXCL))
        try marker.write(value)
        let parent = try Descriptor.opening(folder, O_RDONLY | O_DIRECTORY)
        try parent.synchronize()
        return marker
    }

    /// Makes ready a marker that does not belong to the database, or is missing or unreadable, for
    /// the store that goes on as new replicas: whatever crashes later, the next open finds a value.
    package static func adopting(
        folder: String, using generator: inout some RandomNumberGenerator
    ) throws(StoreError) -> StoreMarker {
        let first = MarkerValue.first(using: &generator)
        guard let marker = try opening(folder: folder) else {
            return try creating(folder: folder, value: first)
        }
        if case .unreadable = try marker.reading() { try marker.write(first) }
        return marker
    }

    private init(file: consuming Descriptor) {
        self.file = file
    }

    /// Which file the marker is.
    package func identity() throws(StoreError) -> FileIdentity {
        let status = try file.status()
        return FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }

    /// What the marker says: the later one of its readable slots.
    package func reading() throws(StoreError) -> MarkerReading {
        let identity = try identity()
        var latest: MarkerValue?
        for slot in 0...1 {
            let bytes = try file.read(
                at: slot * Self.slotBytes, limit: Self.contentBytes + Self.checksumBytes)
            guard let value = Self.decode(bytes) else { continue }
            if value.generation >= latest?.generation ?? 0 { latest = value }
        }
        guard let latest else { return .unreadable(identity) }
        return .value(latest, identity)
    }

    /// Writes a value over the older slot; it is on the disk when this returns.
    package func write(_ value: MarkerValue) throws(StoreError) {
        try file.write(Self.encode(value), at: Int(value.generation & 1) * Self.slotBytes)
        try file.synchronize()
    }

    private static func encode(_ value: MarkerValue) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(bytes: magic)
        writer.write(fixed64: value.generation)
        writer.write(fixed64: value.token)
        return writer.bytes + checksum(writer.bytes)
    }

    private static func decode(_ bytes: [UInt8]) -> MarkerValue? {
        guard bytes.count == contentBytes + checksumBytes, bytes.starts(with: magic),
            Array(bytes[contentBytes...]) == checksum(Array(bytes[..<contentBytes]))
        else { return nil }
        let words = Array(bytes[magic.count..<contentBytes])
        var reader = ByteReader(words.span.bytes)
        guard let generation = try? reader.readFixed64(), let token = try? reader.readFixed64()
        else { return nil }
        return MarkerValue(generation: generation, token: token)
    }

    private static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: bytes).prefix(checksumBytes))
    }
}
