// The edit distance between a misspelt name and a known name.

/// Returns the number of letters to insert, remove, replace or swap with their neighbour
/// (Damerau–Levenshtein).
package func editDistance<Letter: Equatable>(_ left: [Letter], _ right: [Letter]) -> Int {
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
