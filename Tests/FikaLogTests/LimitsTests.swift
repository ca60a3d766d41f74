import FikaLog
import FikaTestSupport
import FoundationEssentials
import Testing

@Suite struct LimitsTests {
    @Test func `the table of limits says what the code says`() throws {
        let root = Fixtures.path("..")
        let table = try String(contentsOfFile: root + "/Specs/limits.md", encoding: .utf8)
        let rows = table.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
            .map { row in
                row.split(separator: "|").map { $0.filter { $0 != " " } }.prefix(2).joined(
                    separator: " ")
            }
        #expect(rows == code.map { "\($0.0) \($0.1)" })
        let source = try String(
            contentsOfFile: root + "/Sources/FikaLog/Limits.swift", encoding: .utf8)
        #expect(source.split(separator: "static let").count - 1 == code.count)
    }

    private var code: [(String, UInt64)] {
        [
            ("seqMaximum", Limits.seqMaximum),
            ("bodyBytesMaximum", UInt64(Limits.bodyBytesMaximum)),
            ("textBytesMaximum", UInt64(Limits.textBytesMaximum)),
            ("nameBytesMaximum", UInt64(Limits.nameBytesMaximum)),
            ("aboutBytesMaximum", UInt64(Limits.aboutBytesMaximum)),
            ("mentionsMaximum", UInt64(Limits.mentionsMaximum)),
            ("emojiBytesMaximum", UInt64(Limits.emojiBytesMaximum)),
            ("pollOptionsMaximum", UInt64(Limits.pollOptionsMaximum)),
            ("dotsMaximum", UInt64(Limits.dotsMaximum)),
            ("readMarkIntervalsMaximum", UInt64(Limits.readMarkIntervalsMaximum)),
            ("segmentOpsMaximum", UInt64(Limits.segmentOpsMaximum)),
            ("segmentReplicasMaximum", UInt64(Limits.segmentReplicasMaximum)),
            ("segmentRawBytesMaximum", UInt64(Limits.segmentRawBytesMaximum)),
            ("headBytesMaximum", UInt64(Limits.headBytesMaximum)),
            ("segmentBytesMaximum", UInt64(Limits.segmentBytesMaximum)),
            ("sealDistanceMaximum", UInt64(Limits.sealDistanceMaximum)),
            ("residueBytesMaximum", UInt64(Limits.residueBytesMaximum)),
            ("frameBytesMaximum", UInt64(Limits.frameBytesMaximum)),
            ("handshakeBytesMaximum", UInt64(Limits.handshakeBytesMaximum)),
            ("tokenBytesMaximum", UInt64(Limits.tokenBytesMaximum)),
            ("reasonBytesMaximum", UInt64(Limits.reasonBytesMaximum)),
            ("cursorsMaximum", UInt64(Limits.cursorsMaximum)),
            ("namesMaximum", UInt64(Limits.namesMaximum)),
            ("placementsMaximum", UInt64(Limits.placementsMaximum)),
            ("havesReplicasMaximum", UInt64(Limits.havesReplicasMaximum)),
            ("havesIntervalsMaximum", UInt64(Limits.havesIntervalsMaximum)),
            ("pageOpsMaximum", UInt64(Limits.pageOpsMaximum)),
            ("wantRangesMaximum", UInt64(Limits.wantRangesMaximum)),
            ("positionsMaximum", UInt64(Limits.positionsMaximum)),
            ("positionMaximum", Limits.positionMaximum),
            ("creditBytesMaximum", Limits.creditBytesMaximum),
            ("ephemeralBytesMaximum", UInt64(Limits.ephemeralBytesMaximum)),
            ("ephemeralMillisecondsMaximum", Limits.ephemeralMillisecondsMaximum),
            ("retryMillisecondsMaximum", Limits.retryMillisecondsMaximum),
        ]
    }
}
