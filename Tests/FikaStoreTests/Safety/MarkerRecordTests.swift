import FikaSimulation
import FikaStore
import FikaTestSupport
import FikaWire
import Testing

struct MarkerRecordTests {
    private let file = FileIdentity(device: 7, inode: 11)
    private let old = MarkerValue(generation: 4, token: 40)
    private let current = MarkerValue(generation: 5, token: 50)
    private let next = MarkerValue(generation: 6, token: 60)
    private let newer = MarkerValue(generation: 7, token: 70)

    private func verdict(_ reading: MarkerReading) -> MarkerVerdict {
        let record = MarkerRecord(current: current, next: next, file: file)
        return MarkerRecord.verdict(record: record, reading: reading)
    }

    @Test func `S6: the marker before an advance and the one after it are both the store's`() {
        #expect(verdict(.value(current, file)) == .same)
        #expect(verdict(.value(next, file)) == .same)
    }

    @Test func `S6: a marker that was advanced further betrays an old database`() {
        #expect(verdict(.value(newer, file)) == .restoredOrCloned(.olderDatabase))
    }

    @Test func `S6: a marker that is behind betrays that it was put back`() {
        #expect(verdict(.value(old, file)) == .restoredOrCloned(.olderMarker))
    }

    @Test func `S6: equally far with another word is another copy`() {
        let other = MarkerValue(generation: 5, token: 51)
        #expect(verdict(.value(other, file)) == .restoredOrCloned(.otherToken))
        // A word that belongs to the other generation of the two is no better.
        let mixed = MarkerValue(generation: 5, token: 60)
        #expect(verdict(.value(mixed, file)) == .restoredOrCloned(.otherToken))
    }

    @Test func `S6: another file with the right words is a copied folder`() {
        let copies = [FileIdentity(device: 7, inode: 12), FileIdentity(device: 8, inode: 11)]
        for copy in copies {
            #expect(verdict(.value(current, copy)) == .restoredOrCloned(.otherFile))
        }
    }

    @Test func `S6: no marker, a broken marker and no record are all suspicious`() {
        #expect(verdict(.missing) == .restoredOrCloned(.markerMissing))
        #expect(verdict(.unreadable(file)) == .restoredOrCloned(.markerUnreadable))
        #expect(
            MarkerRecord.verdict(record: nil, reading: .value(current, file))
                == .restoredOrCloned(.databaseWithoutRecord))
    }

    @Test func `a record's bytes decode to it, and nothing shorter or longer does`() throws {
        let record = MarkerRecord(current: current, next: next, file: file)
        #expect(try MarkerRecord(bytes: record.bytes) == record)
        #expect(throws: WireError.self) { try MarkerRecord(bytes: record.bytes.dropLast()) }
        #expect(throws: WireError.trailingBytes(offset: 48)) {
            try MarkerRecord(bytes: record.bytes + [0])
        }
    }

    @Test func `an advance names what the marker has and what it will have`() {
        var generator = SplitMix64(seed: 1)
        let record = MarkerRecord.advancing(from: current, file: file, using: &generator)
        #expect(record.current == current)
        #expect(record.next.generation == 6)
        #expect(record.next.token != current.token)
    }
}
