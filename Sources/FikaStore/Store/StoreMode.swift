/// What a store is opened for.
package enum StoreMode: Hashable, Sendable {
    /// To write and to checkpoint: one process at a time.
    case writing
    /// To read only: any number of processes, beside a writing one or without.
    case reading
}
