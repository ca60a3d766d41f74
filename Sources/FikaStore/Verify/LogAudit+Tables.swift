import FikaChat
import FikaCRDT
import FikaLog
import GRDB

// What the tables beside the blocks say.
extension LogAudit {
    /// The id of a derived log is what its preimage gives.
    mutating func checkLogRow() throws {
        let query = try HotStatement(db, "SELECT preimage, highest_time FROM log WHERE id = ?")
        query.bind(1, row)
        guard try query.next() else { return }
        defer { query.reset() }
        if !HybridTime(raw: UInt64(bitPattern: query.int(1))).isWellFormed {
            add(nil, nil, "its highest time is no time")
        }
        guard !query.isNull(0) else { return }
        do {
            guard Hashes.derivedLogID(try StoredPreimage.decode(query.bytes(0))) != log else {
                return
            }
            add(nil, nil, "its preimage does not give its id")
        } catch let error as StoreError {
            add(nil, nil, "\(error)")
        }
    }

    /// All replicas that are named in the log, rising by id.
    func replicaRows() throws -> [(row: Int64, replica: ReplicaID)] {
        let query = try HotStatement(
            db, "SELECT id, replica_id FROM replica WHERE log = ? ORDER BY replica_id")
        query.bind(1, row)
        var rows: [(Int64, ReplicaID)] = []
        while try query.next() {
            guard let replica = ReplicaID(bytes: query.bytes(1)) else {
                throw StoreError.damaged("the id of replica row \(query.int(0))")
            }
            rows.append((query.int(0), replica))
        }
        return rows
    }

    func segmentIDs() throws -> [Int64] {
        let query = try HotStatement(db, "SELECT id FROM segment WHERE log = ? ORDER BY id")
        query.bind(1, row)
        var ids: [Int64] = []
        while try query.next() { ids.append(query.int(0)) }
        return ids
    }

    /// Whether what is said beside a block is true of it.
    func hasTrueColumns(_ id: Int64, _ segment: Segment) throws -> Bool {
        let query = try HotStatement(
            db, "SELECT ops, time_first, time_last, is_import FROM segment WHERE id = ?")
        query.bind(1, id)
        guard try query.next() else { return false }
        defer { query.reset() }
        let columns = SegmentColumns(segment)
        return query.int(0) == columns.ops && query.int(1) == columns.timeFirst
            && query.int(2) == columns.timeLast && (query.int(3) != 0) == columns.isImport
    }

    /// Whether a run is found by its replica and first seq.
    func isIndexed(_ run: SegmentRun, _ replica: Int64?, _ id: Int64) throws -> Bool {
        guard let replica else { return false }
        let query = try HotStatement(
            db, "SELECT last, segment FROM segment_run WHERE replica = ? AND first = ?")
        query.bind(1, replica)
        query.bind(2, Int64(run.first))
        guard try query.next() else { return false }
        defer { query.reset() }
        return query.int(0) == Int64(run.last) && query.int(1) == id
    }
}
