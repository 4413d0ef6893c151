// A cursor that belongs to one list: a position, and before it a mark of the list's filters and
// order. The cursor is not secret; the mark prevents its use in another list.

import LoketCore
import LoketSystem

struct ListCursor {
    /// The list's name, its order and its filters; nil for a filter that is not given.
    let list: [String?]

    /// Returns the cursor for a position, a text without a secret.
    func text(_ place: String) -> String { mark(place) + "-" + place }

    /// Returns the position in a cursor.
    ///
    /// - Parameter read: reads a position and writes it again in its only valid spelling.
    /// - Throws: `invalid_parameter` unless this list has returned the cursor.
    func position<Position>(
        _ text: String, _ read: (String) -> (position: Position, place: String)?
    ) throws -> Position {
        guard let dash = text.firstIndex(of: "-"),
            let (position, place) = read(String(text[text.index(after: dash)...])),
            self.text(place) == text
        else {
            throw Problem(
                .invalidParameter,
                "`cursor` was not returned by this list with the same filters and order: send it "
                    + "with the parameters of the page that returned it, or leave it out to begin "
                    + "at the first page")
        }
        return position
    }

    // MARK: Lists by id or by time

    /// - Parameter isByTime: whether the list is ordered by time.
    /// - Throws: `invalid_parameter` unless this list has returned the cursor.
    func place(_ text: String, isByTime: Bool) throws -> IDPlace {
        try position(text) { place in
            IDPlace(text: place, isByTime: isByTime).map { ($0, $0.text) }
        }
    }

    func text(_ place: IDPlace) -> String { text(place.text) }

    private func mark(_ place: String) -> String {
        // Lengths keep two filters apart whatever characters they have.
        let parts = (list + [place]).map { part in part.map { "\($0.utf8.count):\($0)" } ?? "-" }
        let digest = SHA256Digest(of: Array(parts.joined(separator: "\n").utf8))
        return hexadecimal(Array(digest.bytes.prefix(6)))
    }
}

/// A position in a list that is ordered by id, or by time and then by id.
struct IDPlace {
    let id: Int64
    /// Nil in a list by id.
    let time: Moment?

    init(id: Int64, time: Moment?) {
        self.id = id
        self.time = time
    }

    /// Reads `<id>`, or `<milliseconds>.<id>` in a list by time.
    fileprivate init?(text: String, isByTime: Bool) {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { Int64($0) }
        guard numbers.count == (isByTime ? 2 : 1), let first = numbers[0],
            let last = numbers.last, let id = last
        else { return nil }
        self.init(id: id, time: isByTime ? Moment(milliseconds: first) : nil)
    }

    fileprivate var text: String { (time.map { "\($0.milliseconds)." } ?? "") + "\(id)" }
}
