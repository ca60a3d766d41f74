package import GRDB

/// What a person has set on a store; nothing of it leaves the device.
package struct Settings {
    private let db: Database

    package init(_ db: Database) {
        self.db = db
    }

    /// The relay to connect to, as `host:port`; nil while none was named.
    package func relayAddress() throws -> String? {
        try MetaTable(db: db).bytes(.relayAddress).map { String(decoding: $0, as: UTF8.self) }
    }

    package func setRelayAddress(_ address: String?) throws {
        if let address {
            try MetaTable(db: db).set(.relayAddress, Array(address.utf8))
        } else {
            try MetaTable(db: db).remove(.relayAddress)
        }
    }
}
