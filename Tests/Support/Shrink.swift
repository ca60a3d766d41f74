/// Returns a part of the list, in order, that still fails and of which no single element can go.
///
/// Leaves out halves, then quarters, and so on down to single elements.
///
/// - Parameters:
///   - list: A list for which `fails` is true.
///   - fails: Tells, always alike for one list, whether it fails.
/// - Returns: The small list.
package func shrink<Action>(_ list: [Action], fails: ([Action]) -> Bool) -> [Action] {
    var list = list
    var size = max(list.count / 2, 1)
    while !list.isEmpty {
        let smaller = leavingOut(size, of: list, fails: fails)
        let progressed = smaller.count < list.count
        list = smaller
        if size == 1, !progressed { break }
        if !progressed { size /= 2 }
        size = max(min(size, list.count / 2), 1)
    }
    return list
}

private func leavingOut<Action>(
    _ size: Int, of list: [Action], fails: ([Action]) -> Bool
) -> [Action] {
    var list = list
    var start = 0
    while start < list.count {
        var candidate = list
        candidate.removeSubrange(start..<min(start + size, list.count))
        if fails(candidate) { list = candidate } else { start += size }
    }
    return list
}
