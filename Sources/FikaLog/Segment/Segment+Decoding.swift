import FikaCRDT
package import FikaWire

extension Segment {
    /// Decodes a whole block; the rows are not yet verified.
    package init(block: [UInt8]) throws(LogError) {
        var reader = unsafe ByteReader(block.span.bytes)
        try self.init(from: &reader)
        if !reader.isAtEnd { throw .malformed(.trailingBytes(offset: reader.offset)) }
    }

    /// Decodes a block and leaves the reader behind it.
    package init(from reader: inout ByteReader) throws(LogError) {
        let header = try Header(from: &reader)
        var rows = try header.readRows(from: &reader)
        do {
            for index in rows.rows.indices where rows.rows[index].isSalted {
                rows.rows[index].salt = Salt(raw: try reader.readFixed64())
            }
        } catch {
            throw .malformed(error)
        }
        self.init(
            log: header.log, replicas: header.replicas,
            runs: header.runs, rows: rows.rows, bodies: rows.bodies, origins: rows.origins,
            erasedHashes: rows.erasedHashes)
    }

    /// What stands before the rows.
    struct Header {
        let log: LogID
        let isCompressed: Bool
        var replicas: [ReplicaID] = []
        var runs: [SegmentRun] = []
        var opCount = 0

        init(from reader: inout ByteReader) throws(LogError) {
            do {
                let version = try reader.readByte()
                guard version == SegmentFormat.version else {
                    throw LogError.unsupportedVersion(version)
                }
                let start = reader.offset
                let flags = try reader.readByte()
                guard flags & ~SegmentFormat.compressedFlag == 0 else {
                    throw WireError.unknownValue(offset: start, value: UInt64(flags))
                }
                isCompressed = flags == SegmentFormat.compressedFlag
                log = try reader.readIdentifier()
                let dictionaryStart = reader.offset
                let dictionary = try reader.readVarint()
                guard dictionary == SegmentFormat.noDictionary else {
                    throw WireError.unknownValue(offset: dictionaryStart, value: dictionary)
                }
                try readReplicas(from: &reader)
                try readRuns(from: &reader)
            } catch let error as WireError {
                throw .malformed(error)
            } catch let error as LogError {
                throw error
            } catch {
                throw .inconsistent("\(error)")
            }
        }

        private mutating func readReplicas(from reader: inout ByteReader) throws(WireError) {
            let count = try reader.readVarint(
                limit: min(Limits.segmentReplicasMaximum, reader.remaining / 16))
            replicas.reserveCapacity(count)
            for _ in 0..<count { replicas.append(try reader.readIdentifier()) }
        }

        private mutating func readRuns(from reader: inout ByteReader) throws {
            let count = try reader.readVarint(limit: Limits.segmentOpsMaximum)
            guard count > 0 else { throw LogError.inconsistent("a segment without ops") }
            var latest = [UInt64](repeating: 0, count: replicas.count)
            for _ in 0..<count {
                let replica = try reader.readVarint(limit: max(replicas.count - 1, 0))
                let first = try reader.readSeq()
                let length = try reader.readVarint(limit: Limits.segmentOpsMaximum - opCount)
                guard length > 0, first + UInt64(length) - 1 <= Limits.seqMaximum,
                    replica < replicas.count, latest[replica] == 0 || first > latest[replica] + 1
                else { throw LogError.inconsistent("a run is empty, or not above the one before") }
                latest[replica] = first + UInt64(length) - 1
                opCount += length
                runs.append(
                    SegmentRun(replica: Int32(replica), first: first, count: UInt64(length)))
            }
        }

        func readRows(from reader: inout ByteReader) throws(LogError) -> SegmentRowDecoder {
            do {
                let headCount = try reader.readVarint(limit: Limits.segmentRawBytesMaximum)
                let bodyCount = try reader.readVarint(
                    limit: Limits.segmentRawBytesMaximum - headCount)
                let start = reader.offset
                let stored = try reader.readCounted(limit: Limits.segmentBytesMaximum)
                let raw: [UInt8]
                if isCompressed {
                    raw = try Zstd.decompress(stored, count: headCount + bodyCount, offset: start)
                } else {
                    guard stored.count == headCount + bodyCount else {
                        throw WireError.truncated(offset: start)
                    }
                    raw = stored
                }
                var decoder = SegmentRowDecoder(
                    runs: runs, replicaCount: replicas.count, opCount: opCount,
                    replicas: replicas)
                try decoder.decode(raw, headCount: headCount)
                return decoder
            } catch let error as WireError {
                throw .malformed(error)
            } catch let error as LogError {
                throw error
            } catch {
                throw .inconsistent("\(error)")
            }
        }
    }
}
