/// Constants of a segment's bytes; `Specs/segment.md` is the table.
enum SegmentFormat {
    static let version: UInt8 = 1
    /// Set when the rows are a zstd frame; no other flag has a meaning.
    static let compressedFlag: UInt8 = 1
    static let noDictionary: UInt64 = 0
}
