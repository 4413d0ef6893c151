// One page of a list, newest first, and the cursor of the next page.

import Hummingbird
import LoketCore
import LoketJSON

struct Page {
    /// The exclusive upper limit of ids.
    let before: Int64
    let limit: Int

    private let cursor: ListCursor

    static let parameters: Set<String> = ["limit", "cursor"]

    /// - Parameter list: the list's name and its filters; nil for a filter that is not given.
    /// - Throws: `invalid_parameter` for a wrong limit, and for a cursor of another list.
    init(_ parameters: [String: String], of list: [String?]) throws {
        limit = try Self.limit(parameters)
        let cursor = ListCursor(list: list)
        self.cursor = cursor
        before = try parameters["cursor"].map { try cursor.place($0, isByTime: false).id } ?? .max
    }

    static func limit(_ parameters: [String: String]) throws -> Int {
        guard let text = parameters["limit"] else { return Limits.pageItemsDefault }
        guard let limit = Int64(id: text).map(Int.init),
            (1...Limits.pageItemsMax).contains(limit)
        else {
            throw Problem(
                .invalidParameter, "`limit` must be a number from 1 to \(Limits.pageItemsMax)")
        }
        return limit
    }

    /// Returns the items and the cursor of the next page.
    ///
    /// - Parameter items: one more than `limit` if there is a next page.
    func response<Item>(
        of items: [Item], id: (Item) -> Int64, write: (inout JSONWriter, Item) -> Void
    ) -> Response {
        let shown = items.prefix(limit)
        let next =
            items.count > limit
            ? shown.last.map { cursor.text(IDPlace(id: id($0), time: nil)) } : nil
        return .json { body in
            body.array("items") { list in
                for item in shown { list.object { write(&$0, item) } }
            }
            body.field("next_cursor", next)
        }
    }
}
