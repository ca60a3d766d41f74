package import FikaNet

/// Something that changes, as an async sequence of what it is now.
///
/// The first element is what it is when the iteration begins; each later one is the newest, and
/// what came between is left out: a slow reader costs nothing and misses nothing that still
/// counts. It ends when the workspace is closed, or when the reading task is cancelled, and never
/// throws. Each iteration stands for itself.
///
/// ```swift
/// for await page in room.timeline(around: .firstUnread, limit: 50) { show(page) }
/// ```
public struct Observed<Element: Sendable>: AsyncSequence, Sendable {
    /// It never throws.
    public typealias Failure = Never

    /// Gives one element after the other; nil at the end.
    package typealias Step = () async -> Element?

    private let begin: @Sendable () -> Step

    package init(_ begin: @escaping @Sendable () -> Step) {
        self.begin = begin
    }

    /// What a value is, as it is set.
    package init(_ latest: LatestValue<Element>) {
        self.init {
            var values = latest.values.makeAsyncIterator()
            return { await values.next() }
        }
    }

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator {
        Iterator(step: begin())
    }

    /// Reads what something is, each time newer than before.
    public struct Iterator: AsyncIteratorProtocol {
        let step: Step

        /// Waits for something newer than the last element; nil at the end.
        public mutating func next() async -> Element? {
            await step()
        }

        /// Waits for something newer than the last element, on the caller's actor.
        public mutating func next(isolation actor: isolated (any Actor)?) async -> Element? {
            await step()
        }
    }
}

extension Observed where Element: Equatable {
    /// The elements that differ from the one before.
    package var withoutRepetitions: Observed {
        Observed {
            let step = begin()
            var last: Element?
            return {
                while let element = await step() {
                    guard element != last else { continue }
                    last = element
                    return element
                }
                return nil
            }
        }
    }
}

extension Observed {
    /// The elements as something else; those that give nil are left out.
    package func compactMap<Value: Sendable>(
        _ transform: @escaping @Sendable (Element) async -> Value?
    ) -> Observed<Value> {
        Observed<Value> {
            let step = begin()
            return {
                while let element = await step() {
                    if let value = await transform(element) { return value }
                }
                return nil
            }
        }
    }

    /// The elements up to the first that fulfils a condition, that one included.
    package func through(_ isLast: @escaping @Sendable (Element) -> Bool) -> Observed {
        Observed {
            let step = begin()
            var isOver = false
            return {
                guard !isOver, let element = await step() else { return nil }
                isOver = isLast(element)
                return element
            }
        }
    }
}
