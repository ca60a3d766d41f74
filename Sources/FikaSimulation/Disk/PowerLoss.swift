/// What a loss of power leaves of what was not synced.
package enum PowerLoss: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case forgets
    /// All of it: the disk was quick.
    case keeps
    /// What was done first, up to some moment, within a write as well.
    case keepsFirst
    /// Some sectors, whichever.
    case tearsSectors
    /// Some pages, whichever.
    case tearsPages
    /// Some sectors; new ones that were not written hold anything.
    case leavesGarbage
}

extension PowerLoss {
    /// What a file holds afterwards.
    ///
    /// - Parameters:
    ///   - file: What of it is sure.
    ///   - shown: What it held for all who read it.
    ///   - random: Decides where there is a choice.
    /// - Returns: Its bytes.
    func remains(
        of file: UnsyncedFile, shown: [UInt8], using random: inout SplitMix64
    ) -> [UInt8] {
        var bytes: [UInt8]
        switch self {
        case .forgets: bytes = Self.sure(file, shown)
        case .keeps: bytes = shown
        case .keepsFirst:
            bytes = Self.sure(file, shown)
            Self.redo(file.changes, on: &bytes, using: &random)
        case .tearsSectors: bytes = Self.torn(file, shown, sectors: 1, using: &random)
        case .tearsPages:
            let perPage = UnsyncedFile.pageBytes / UnsyncedFile.sectorBytes
            bytes = Self.torn(file, shown, sectors: perPage, using: &random)
        case .leavesGarbage:
            bytes = Self.torn(file, shown, sectors: 1, using: &random)
            for sector in file.before.keys.sorted()
            where sector * UnsyncedFile.sectorBytes >= file.sureCount && random.bool() {
                let garbage = (0..<UnsyncedFile.sectorBytes).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                }
                Self.put(garbage, sector, into: &bytes)
            }
        }
        for (sector, sure) in file.lost.sorted(by: { $0.key < $1.key }) where !random.oneIn(4) {
            Self.put(sure, sector, into: &bytes)
        }
        return bytes
    }

    /// The file as it was last synced.
    private static func sure(_ file: UnsyncedFile, _ shown: [UInt8]) -> [UInt8] {
        var bytes = resized(shown, to: file.sureCount)
        for (sector, sure) in file.before { put(sure, sector, into: &bytes) }
        return bytes
    }

    private static func torn(
        _ file: UnsyncedFile, _ shown: [UInt8], sectors: Int, using random: inout SplitMix64
    ) -> [UInt8] {
        var bytes = random.bool() ? shown : resized(shown, to: file.sureCount)
        var isKept: [Int: Bool] = [:]
        for (sector, sure) in file.before.sorted(by: { $0.key < $1.key }) {
            let group = sector / sectors
            let keeps = isKept[group] ?? random.bool()
            isKept[group] = keeps
            if !keeps { put(sure, sector, into: &bytes) }
        }
        return bytes
    }

    private static func redo(
        _ changes: [UnsyncedFile.Change], on bytes: inout [UInt8],
        using random: inout SplitMix64
    ) {
        guard !changes.isEmpty else { return }
        let count = random.number(in: 0..<changes.count)
        for (index, change) in changes.prefix(count + 1).enumerated() {
            switch change {
            case .resize(let size): if index < count { bytes = resized(bytes, to: size) }
            case .write(let offset, let written):
                let part = index < count ? written.count : random.number(in: 0...written.count)
                let whole = part / UnsyncedFile.sectorBytes * UnsyncedFile.sectorBytes
                let kept = index < count ? part : whole
                guard kept > 0 else { continue }
                if bytes.count < offset + kept { bytes = resized(bytes, to: offset + kept) }
                bytes.replaceSubrange(offset..<offset + kept, with: written.prefix(kept))
            }
        }
    }

    private static func resized(_ bytes: [UInt8], to count: Int) -> [UInt8] {
        count <= bytes.count
            ? Array(bytes.prefix(count))
            : bytes + [UInt8](repeating: 0, count: count - bytes.count)
    }

    /// Puts a sector's bytes in place, as far as the file goes.
    private static func put(_ sector: [UInt8], _ number: Int, into bytes: inout [UInt8]) {
        let start = number * UnsyncedFile.sectorBytes
        let end = min(start + sector.count, bytes.count)
        guard start < end else { return }
        bytes.replaceSubrange(start..<end, with: sector.prefix(end - start))
    }
}
