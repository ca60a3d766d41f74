package import FikaCRDT
package import GRDB

/// Finds replicas by the first digits of their ids.
package struct ReplicaFinding {
    private let db: Database

    package init(_ db: Database) {
        self.db = db
    }

    /// The replicas whose id begins with these lower-case digits, with their logs.
    package func replicas(
        beginningWith digits: String
    ) throws -> [(log: LogID, replica: ReplicaID)] {
        let query = try HotStatement(
            db,
            """
            SELECT log.log_id, replica.replica_id FROM replica
            JOIN log ON log.id = replica.log
            WHERE lower(hex(substr(replica.replica_id, 1, 16))) LIKE ? || '%'
            ORDER BY replica.id
            """)
        query.bind(1, text: digits.filter(\.isHexDigit))
        var found: [(log: LogID, replica: ReplicaID)] = []
        while try query.next() {
            guard let log = LogID(bytes: query.bytes(0)),
                let replica = ReplicaID(bytes: query.bytes(1))
            else { throw StoreError.damaged("a replica's id has not 16 bytes") }
            found.append((log, replica))
        }
        return found
    }
}
