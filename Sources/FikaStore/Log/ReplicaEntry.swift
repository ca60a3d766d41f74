package import FikaCRDT
package import FikaLog

/// What a store knows of a replica of one of its logs.
package struct ReplicaEntry: Sendable {
    package let row: Int64
    /// The row of its log.
    package let log: Int64
    package let replica: ReplicaID
    package var own: Own
    package var isImport: Bool
    /// Nil while the replica is only named by others' ops.
    package var introduction: Introduction?
    package var introductionTime: HybridTime
    /// Nil while its own introduction is unsealed.
    package var signature: Signature?

    /// Whether this store writes, or wrote, as the replica.
    package enum Own: Int64, Sendable {
        case foreign = 0
        case current = 1
        case former = 2
    }

    static let select = """
        SELECT id, log, replica_id, own, is_import, intro_time, intro_body, intro_signature
        FROM replica
        """

    init(row: Int64, log: Int64, replica: ReplicaID) {
        self.row = row
        self.log = log
        self.replica = replica
        own = .foreign
        isImport = false
        introductionTime = .zero
    }

    init(_ query: HotStatement) throws {
        guard let replica = ReplicaID(bytes: query.bytes(2)), let own = Own(rawValue: query.int(3)),
            OpKey.replicaRows.contains(query.int(0))
        else { throw StoreError.damaged("replica row \(query.int(0)) is malformed") }
        row = query.int(0)
        log = query.int(1)
        self.replica = replica
        self.own = own
        isImport = query.int(4) != 0
        introductionTime = HybridTime(raw: UInt64(bitPattern: query.int(5)))
        signature = Signature(bytes: query.bytes(7))
        guard !query.isNull(6) else { return }
        do {
            introduction = try Introduction(body: query.bytes(6))
        } catch {
            throw StoreError.damaged("the introduction of replica \(replica): \(error)")
        }
    }

    /// Whose replica it is; nil for a relay's and while it is not introduced.
    package var user: UserID? { introduction?.user }

    /// Nil until the introduction is sealed.
    package var card: Card? {
        guard let introduction, let signature else { return nil }
        return Card(
            time: introductionTime, introduction: introduction, signature: signature)
    }
}
