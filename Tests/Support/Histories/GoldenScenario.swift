/// A partition that ends, and what everybody must see after it.
package struct GoldenScenario: Sendable {
    /// As "G6".
    package let name: String
    package let history: History
    package let expected: ExpectedFacts
}
