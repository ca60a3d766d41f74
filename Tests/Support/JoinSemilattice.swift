package import FikaSimulation
package import Testing

/// Checks that a merge is a join: commutative, associative and idempotent.
///
/// - Parameters:
///   - seed: The seed of the first case.
///   - count: The number of cases, of three generated values each.
///   - sourceLocation: Where the failure is reported.
///   - make: Draws a value; related values must come often, or the law says little.
///   - merge: Joins the second value into the first.
package func checkJoinSemilattice<Value: Equatable>(
    seed: UInt64 = 1, count: Int = 300, sourceLocation: SourceLocation = #_sourceLocation,
    of make: Gen<Value>, merge: (inout Value, Value) -> Void
) {
    func joined(_ left: Value, _ right: Value) -> Value {
        var result = left
        merge(&result, right)
        return result
    }
    forAll(seed: seed, count: count, sourceLocation: sourceLocation) { generator in
        let (a, b, c) = (make(&generator), make(&generator), make(&generator))
        let ab = joined(a, b)
        #expect(ab == joined(b, a), "commutative", sourceLocation: sourceLocation)
        #expect(
            joined(ab, c) == joined(a, joined(b, c)), "associative", sourceLocation: sourceLocation)
        #expect(joined(a, a) == a, "idempotent", sourceLocation: sourceLocation)
        #expect(joined(ab, b) == ab, "absorbs", sourceLocation: sourceLocation)
    }
}
