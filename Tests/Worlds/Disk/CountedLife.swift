import FikaSimulation

/// A piece of life on a disk whose operations are counted.
protocol CountedLife {
    var disk: SimulatedDisk { get }

    /// Does all of it; returns how many operations of the disk that took.
    func live() throws -> Int

    /// Stops, with a loss of power or without, and begins again.
    func restart(losing loss: PowerLoss?) throws

    /// Expects all that returned before.
    func expectKept(_ comment: String) throws
}
