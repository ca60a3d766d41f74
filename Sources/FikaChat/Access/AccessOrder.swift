import FikaCRDT

/// The order of the fold: by point; ops of one stamp, which no honest replica writes, by dot.
struct AccessOrder: Hashable, Comparable, Sendable {
    let point: AccessPoint
    let dot: Dot

    static func < (left: AccessOrder, right: AccessOrder) -> Bool {
        left.point != right.point ? left.point < right.point : left.dot < right.dot
    }
}
