/// What a store is opened for.
package enum StoreMode: Hashable, Sendable {
    /// To write and to checkpoint: one process at a time.
    ///
    /// The command says in a few words what this process is, for others that want to write.
    case writing(command: String)
    /// To read only: any number of processes, beside a writing one or without.
    case reading
}
