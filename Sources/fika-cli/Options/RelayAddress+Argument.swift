public import ArgumentParser
public import Fika

extension RelayAddress: ExpressibleByArgument {
    /// Reads an address as people write it.
    public init?(argument: String) {
        self.init(argument)
    }
}
