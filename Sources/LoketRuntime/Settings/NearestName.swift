// The known name that a misspelt one was probably meant to be.

/// The closest of `known`, where one is at most two letters away and less than half of the name;
/// case, `-` and `_` do not count as a difference.
package func nearest(to name: String, among known: Set<String>) -> String? {
    let letters = significant(name)
    guard letters.count <= 64 else { return nil }
    let distances = known.map { ($0, distance(letters, significant($0))) }
        .filter { $0.1 <= 2 && $0.1 * 2 < letters.count }
    return distances.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
}

private func significant(_ name: String) -> [Character] {
    name.lowercased().filter { $0 != "_" && $0 != "-" }
}

/// Letters to insert, remove, replace or swap with their neighbour.
private func distance(_ left: [Character], _ right: [Character]) -> Int {
    var earlier: [Int] = []
    var above = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var least = above[column] + (letter == other ? 0 : 1)
            least = min(least, above[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                least = min(least, earlier[column - 1] + 1)
            }
            current.append(least)
        }
        earlier = above
        above = current
    }
    return above[right.count]
}
