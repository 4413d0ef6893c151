// The known name that a misspelt one was probably meant to be.

import LoketCore

/// The closest of `known`, where one is at most two letters away and less than half of the name;
/// case, `-` and `_` do not count as a difference.
package func nearest(to name: String, among known: Set<String>) -> String? {
    let letters = significant(name)
    guard letters.count <= 64 else { return nil }
    let distances = known.map { ($0, editDistance(letters, significant($0))) }
        .filter { $0.1 <= 2 && $0.1 * 2 < letters.count }
    return distances.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
}

private func significant(_ name: String) -> [Character] {
    name.lowercased().filter { $0 != "_" && $0 != "-" }
}
