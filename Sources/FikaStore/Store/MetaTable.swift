import FikaCRDT
import FikaLog
import GRDB

/// Single values of a store, by name.
struct MetaTable {
    enum Key: String {
        case workspace, user, deviceName, publicKey, marker, scrub, relays, relayAddress
        case relay, epoch, completeUntil, correction
    }

    let db: Database

    func bytes(_ key: Key) throws -> [UInt8]? {
        let query = try HotStatement(db, "SELECT value FROM meta WHERE key = ?")
        query.bind(1, text: key.rawValue)
        guard try query.next() else { return nil }
        defer { query.reset() }
        return query.bytes(0)
    }

    func set(_ key: Key, _ bytes: [UInt8]) throws {
        let replace = try HotStatement(db, "REPLACE INTO meta (key, value) VALUES (?, ?)")
        replace.bind(1, text: key.rawValue)
        replace.bind(2, blob: bytes)
        try replace.run()
    }

    /// The relays whose closes are believed.
    func trustedRelays() throws -> Set<PublicKey> {
        let bytes = try bytes(.relays) ?? []
        var relays: Set<PublicKey> = []
        for start in stride(from: 0, to: bytes.count, by: 32) {
            guard let key = PublicKey(bytes: bytes[start...].prefix(32)) else {
                throw StoreError.damaged("meta does not say which relays are trusted")
            }
            relays.insert(key)
        }
        return relays
    }

    func setTrustedRelays(_ relays: Set<PublicKey>) throws {
        let keys = relays.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) }
        try set(.relays, Array(keys.joined()))
    }

    func number(_ key: Key) throws -> UInt64? {
        guard let bytes = try bytes(key) else { return nil }
        guard bytes.count == 8 else { throw StoreError.damaged("meta's \(key.rawValue)") }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    func set(_ key: Key, _ number: UInt64) throws {
        try set(key, (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })
    }

    /// The epoch of the relay that was met last; nil before the first.
    func epoch() throws -> Epoch? { try number(.epoch).map { Epoch(raw: $0) } }

    /// Milliseconds to add to this device's clock; nil before a relay said what time it is.
    func correction() throws -> Int64? {
        try number(.correction).map { Int64(bitPattern: $0) }
    }

    func remove(_ key: Key) throws {
        let delete = try HotStatement(db, "DELETE FROM meta WHERE key = ?")
        delete.bind(1, text: key.rawValue)
        try delete.run()
    }

    /// What the database remembers of the marker beside it; nil when there is nothing readable.
    func markerRecord() throws -> MarkerRecord? {
        try bytes(.marker).flatMap { try? MarkerRecord(bytes: $0) }
    }

    func store(_ profile: StoreProfile) throws {
        try set(.workspace, profile.workspace.bytes)
        try set(.user, Array(profile.user.text.utf8))
        try set(.deviceName, Array(profile.deviceName.utf8))
        try set(.publicKey, profile.publicKey.bytes)
    }

    /// Whether the making of the store came to its end: it then says whose it is, or has logs.
    func isMade() throws -> Bool {
        if try bytes(.user) != nil { return true }
        return try HotStatement(db, "SELECT 1 FROM log LIMIT 1").hasRow()
    }

    func profile() throws -> StoreProfile {
        guard let workspace = WorkspaceID(bytes: try bytes(.workspace) ?? []),
            let user = UserID(String(decoding: try bytes(.user) ?? [], as: UTF8.self)),
            let publicKey = PublicKey(bytes: try bytes(.publicKey) ?? [])
        else { throw StoreError.damaged("meta does not say whose store it is") }
        return StoreProfile(
            workspace: workspace, user: user,
            deviceName: String(decoding: try bytes(.deviceName) ?? [], as: UTF8.self),
            publicKey: publicKey)
    }
}
