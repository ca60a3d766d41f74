import Glibc

/// Waits for what other processes bring about.
enum Patience {
    @discardableResult
    static func until<Value>(
        _ what: String, milliseconds: Int = 30_000, _ look: () throws -> Value?
    ) throws -> Value {
        let clock = ContinuousClock()
        let end = clock.now + .milliseconds(milliseconds)
        var pause: Int32 = 1
        while true {
            if let value = try look() { return value }
            guard clock.now < end else { throw Trouble("waited in vain: \(what)") }
            poll(nil, 0, pause)
            pause = min(pause + 1, 20)
        }
    }

    static func pause(milliseconds: Int) {
        poll(nil, 0, Int32(milliseconds))
    }
}
