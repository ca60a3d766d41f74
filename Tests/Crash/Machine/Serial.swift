import Synchronization

/// Numbers for files that are made.
enum Serial {
    private static let last = Mutex(0)

    static func next() -> Int {
        last.withLock {
            $0 += 1
            return $0
        }
    }
}
