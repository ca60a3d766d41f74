/// What a value is, as it is set, as a sequence.
package struct LatestValues<Value: Sendable>: AsyncSequence, Sendable {
    package typealias Element = Value
    package typealias Failure = Never

    private let latest: LatestValue<Value>

    init(_ latest: LatestValue<Value>) {
        self.latest = latest
    }

    package func makeAsyncIterator() -> Iterator { Iterator(latest) }

    package struct Iterator: AsyncIteratorProtocol {
        private let latest: LatestValue<Value>
        private var seen: UInt64 = 0

        fileprivate init(_ latest: LatestValue<Value>) {
            self.latest = latest
        }

        /// Returns nil at the end, and when the task was cancelled.
        package mutating func next() async -> Value? {
            guard let version = await latest.next(after: seen) else { return nil }
            seen = version.number
            return version.value
        }
    }
}
