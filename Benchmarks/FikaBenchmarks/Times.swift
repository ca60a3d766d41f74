/// How long something took: by the clock, and in processor time.
struct Times {
    let clock: Double
    let processor: Double

    init(clock: Double, processor: Double) {
        self.clock = clock
        self.processor = processor
    }

    /// Takes the time of the body.
    init(_ body: () throws -> Void) rethrows {
        var clock = 0.0
        processor = try Measure.processorSeconds { clock = try Measure.seconds(body) }
        self.clock = clock
    }

    /// The middle of several, each kind of time by itself.
    static func median(_ times: [Times]) -> Times {
        Times(
            clock: Measure.median(times.map(\.clock)),
            processor: Measure.median(times.map(\.processor)))
    }
}
