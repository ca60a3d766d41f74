package import FikaCRDT

/// Makes one value out of a seeded generator.
package typealias Gen<Value> = (inout SplitMix64) -> Value

// The vocabulary in which tests draw their cases.
extension SplitMix64 {
    package mutating func number<Number: FixedWidthInteger>(
        in range: ClosedRange<Number>
    ) -> Number {
        Number.random(in: range, using: &self)
    }

    package mutating func number(in range: Range<Int>) -> Int {
        Int.random(in: range, using: &self)
    }

    package mutating func bool() -> Bool {
        Bool.random(using: &self)
    }

    /// True once in `sides` throws on average.
    package mutating func oneIn(_ sides: Int) -> Bool {
        number(in: 0..<sides) == 0
    }

    /// Picks one of the values, of which there must be at least one.
    package mutating func pick<Value>(_ values: some RandomAccessCollection<Value>) -> Value {
        precondition(!values.isEmpty, "there is nothing to pick from")
        return values[values.index(values.startIndex, offsetBy: number(in: 0..<values.count))]
    }

    /// Draws as many values as a random number in `count` says.
    package mutating func array<Value>(
        count: ClosedRange<Int>, of make: Gen<Value>
    ) -> [Value] {
        let count = number(in: count)
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(make(&self)) }
        return values
    }

    package mutating func bytes(count: ClosedRange<Int>) -> [UInt8] {
        array(count: count) { UInt8(truncatingIfNeeded: $0.next()) }
    }

    /// A number of any magnitude: each count of bits is as likely, and edges come often.
    package mutating func magnitude() -> UInt64 {
        if oneIn(8) { return pick([0, 1, 2, .max, .max - 1, 1 << 63, 1 << 32, 1 << 31, 127, 128]) }
        return next() >> UInt64(number(in: 0..<64))
    }

    /// Text with letters of one to four bytes, combining marks, blanks and joined emoji.
    package mutating func text(count: ClosedRange<Int> = 0...24) -> String {
        let letters = [
            "a", "b", "e", "z", "A", "0", "9", " ", "\n", "å", "ä", "ö", "é", "e\u{301}", "ß", "Ж",
            "語", "ا", "👍", "👩‍👩‍👧", "🇸🇪", "\u{0}", "\u{200D}", "#", "@", ":", "'", "\"", "%", "_",
        ]
        return array(count: count) { $0.pick(letters) }.joined()
    }

    /// One of `among` replicas, the same ones for every seed.
    package mutating func replica(among count: Int = 4) -> ReplicaID {
        replicaNumbered(number(in: 1...count))
    }

    /// One of `among` logs, the same ones for every seed.
    package mutating func log(among count: Int = 3) -> LogID {
        LogID(high: UInt64(number(in: 1...count)), low: 0xF1)
    }

    package mutating func dot(among replicas: Int = 4, seqs: UInt64 = 6) -> Dot {
        Dot(replica: replica(among: replicas), seq: number(in: 1...seqs))
    }

    /// A stamp in a narrow span of time, so that equal times come often.
    package mutating func stamp(among replicas: Int = 4, milliseconds: UInt64 = 4) -> Stamp {
        let time = HybridTime(
            milliseconds: 1_700_000_000_000 + number(in: 0...milliseconds),
            counter: number(in: 0...2))
        return Stamp(time: time, replica: replica(among: replicas))
    }
}

/// The replica that tests call by this number, 1 to 255.
package func replicaNumbered(_ number: Int) -> ReplicaID {
    ReplicaID(high: UInt64(number) << 56 | 0xE, low: UInt64(number))
}
