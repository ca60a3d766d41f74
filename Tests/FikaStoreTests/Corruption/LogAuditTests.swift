import FikaCRDT
import FikaLog
import FikaStore
import FikaTestSupport
import GRDB
import Testing

/// One stored value is changed; the audit names log, replica and op.
@Suite struct LogAuditTests {
    private let held: HeldStore

    init() throws {
        held = try HeldStore()
    }

    /// Expects that every problem is in the log, and that one names replica and op.
    private func expect(
        _ replica: ReplicaID, _ seq: UInt64?, after sql: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let problems = try held.problems(after: sql)
        #expect(problems.allSatisfy { $0.log == held.log }, sourceLocation: sourceLocation)
        #expect(
            problems.contains { $0.replica == replica && $0.seq == seq },
            "\(sql): \(problems)", sourceLocation: sourceLocation)
    }

    private func row(_ replica: TestReplica) -> String {
        "(SELECT id FROM replica WHERE hex(replica_id) = '\(hex(replica.id.bytes))')"
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }

    @Test func `an untouched log verifies`() throws {
        let report = try held.test.store.verify([held.log])
        #expect(report.isGood, "\(report.problems)")
        #expect(report.ops == 150 + 31 + 70)
        #expect(report.replicas == 2)
        #expect(report.seals == 5 + 1 + 3)
    }

    @Test func `a changed text is named by the seal that does not cover it`() throws {
        for (replica, seq, seal) in [
            (held.first, 5, 40), (held.first, 70, 128), (held.second, 2, 64),
        ]
            as [(TestReplica, UInt64, UInt64)]
        {
            let problems = try held.problems { try $0.forgeBody(of: replica.dot(seq)) }
            #expect(problems.first?.replica == replica.id)
            #expect(problems.first?.seq == seal, "\(problems)")
            #expect(problems.allSatisfy { $0.log == held.log })
        }
    }

    @Test func `changed chain values and seals are named`() throws {
        let first = row(held.first)
        let flipped = "zeroblob(32)"
        try expect(
            held.first.id, 1, after: "UPDATE have SET chain_before = \(flipped) WHERE first = 1")
        try expect(
            held.first.id, 230,
            after: "UPDATE have SET chain_end = \(flipped) WHERE first = 200")
        try expect(
            held.first.id, 240,
            after: """
                UPDATE have SET tail = CAST(zeroblob(32) || substr(tail, 33) AS BLOB)
                WHERE first = 200
                """)
        try expect(
            held.first.id, 230,
            after: "UPDATE have SET tail = substr(tail, 33) WHERE first = 200")
        for seq in [1, 40, 64, 150, 240] as [UInt64] {
            try expect(
                held.first.id, seq,
                after:
                    "UPDATE seal SET chain = \(flipped) WHERE replica = \(first) AND seq = \(seq)")
            try expect(
                held.first.id, seq,
                after: """
                    UPDATE seal SET signature = zeroblob(64)
                    WHERE replica = \(first) AND seq = \(seq)
                    """)
        }
        for seq in [1, 64, 128] as [UInt64] {
            try expect(
                held.first.id, seq,
                after: "DELETE FROM seal WHERE replica = \(first) AND seq = \(seq)")
        }
        try expect(
            held.first.id, 150, after: "DELETE FROM seal WHERE replica = \(first) AND seq = 150")
    }

    @Test func `changed bounds are named`() throws {
        let second = row(held.second)
        try expect(held.second.id, 70, after: "UPDATE have SET last = 69 WHERE replica = \(second)")
        try expect(held.second.id, 71, after: "UPDATE have SET last = 71 WHERE replica = \(second)")
        try expect(held.second.id, 1, after: "UPDATE have SET first = 2 WHERE replica = \(second)")
        try expect(held.first.id, 200, after: "DELETE FROM have WHERE first = 200")
        try expect(
            held.second.id, nil, after: "UPDATE have SET last = -1 WHERE replica = \(second)")
        try expect(
            held.second.id, nil, after: "UPDATE have SET first = 0 WHERE replica = \(second)")
        try expect(held.first.id, nil, after: "UPDATE have SET last = 220 WHERE last = 150")
    }

    @Test func `changed runs and blocks are named`() throws {
        try expect(held.first.id, 41, after: "UPDATE segment_run SET last = 149 WHERE first = 41")
        try expect(held.first.id, 41, after: "DELETE FROM segment_run WHERE first = 41")
        try expect(held.first.id, 41, after: "UPDATE segment_run SET segment = 1 WHERE first = 41")
        try expect(held.first.id, 41, after: "UPDATE segment_run SET first = 42 WHERE first = 41")
        try expect(held.first.id, 200, after: "DELETE FROM segment WHERE id = 3")
        for sql in [
            "UPDATE segment SET block = substr(block, 2) WHERE id = 3",
            "UPDATE segment SET block = zeroblob(0) WHERE id = 3",
        ] {
            try expect(held.first.id, 200, after: sql)
        }
        for column in ["ops", "time_first", "time_last"] {
            let problems = try held.problems(
                after: "UPDATE segment SET \(column) = \(column) + 1 WHERE id = 2")
            #expect(problems.map(\.log) == [held.log])
        }
    }

    @Test func `changed introductions are named`() throws {
        let second = row(held.second)
        try expect(
            held.second.id, 1,
            after: "UPDATE replica SET intro_time = intro_time + 1 WHERE id = \(second)")
        try expect(
            held.second.id, 1,
            after: "UPDATE replica SET intro_signature = zeroblob(64) WHERE id = \(second)")
        try expect(
            held.second.id, 1,
            after: "UPDATE replica SET intro_signature = NULL WHERE id = \(second)")
        try expect(
            held.second.id, nil,
            after: "UPDATE replica SET intro_body = zeroblob(9) WHERE id = \(second)")
        let stranger = ReplicaID(high: 1, low: 2)
        try expect(
            stranger, 1,
            after: "UPDATE replica SET replica_id = X'\(hex(stranger.bytes))' WHERE id = \(second)")
        let other = row(held.first)
        try expect(
            held.second.id, 1,
            after: """
                UPDATE replica SET intro_body = (SELECT intro_body FROM replica WHERE id = \(other))
                WHERE id = \(second)
                """)
    }

    @Test func `what does not verify is not exported`() throws {
        let store = held.test.store
        var count = 0
        try store.exportSegments(of: [held.log]) { count += $0.segment.rows.count }
        #expect(count == 150 + 31 + 70)
        try store.write { _, db in try db.forgeBody(of: held.first.dot(100)) }
        #expect {
            try store.exportSegments(of: [held.log]) { _ in Issue.record("it was handed on") }
        } throws: { error in
            guard case StoreError.damaged(let text) = error else { return false }
            return text.contains("op 128")
        }
    }
}
