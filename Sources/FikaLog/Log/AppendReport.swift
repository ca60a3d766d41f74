/// What an append did.
package struct AppendReport: Hashable, Sendable {
    /// By row of the segment, in rising order: the rows that were not held before.
    package var newRows: [Int]
    /// How many rows were held already, with equal hashes.
    package var heldCount: Int

    package init(newRows: [Int], heldCount: Int) {
        self.newRows = newRows
        self.heldCount = heldCount
    }
}
