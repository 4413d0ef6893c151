// The parameter `after` of a feed: a position in the history of this database. It contains the
// epoch of the history, so that a reader notices when the database has been replaced.

import LoketCore

struct FeedCursor {
    /// The epoch of the database's history.
    let epoch: String

    /// Returns the cursor after the row with this id.
    func text(_ id: Int64) -> String { "\(epoch)-\(id)" }

    /// Returns the id after which a feed begins.
    ///
    /// - Parameters:
    ///   - text: a cursor; `0`, or nil, is the start of any history, and `end` is after the last.
    ///   - end: returns the id of the last row.
    /// - Throws: `invalid_parameter`; `cursor_gone` for the cursor of another history.
    func start(_ text: String?, end: () async throws -> Int64) async throws -> Int64 {
        switch text {
        case nil, "0": 0
        case "end": try await end()
        case let text?: try id(in: text)
        }
    }

    private func id(in text: String) throws -> Int64 {
        guard let name = EventName(text) else {
            throw Problem(
                .invalidParameter,
                "`after` must be a `next_cursor` of this feed, 0 for the start, or `end` for what "
                    + "is new from now on")
        }
        guard name.epoch == epoch else {
            throw Problem(
                .cursorGone,
                "the database was restored, and this cursor is no longer valid; start again with "
                    + "`after=0`")
        }
        return name.number
    }
}

/// The id of an event, or a cursor of the feed: `<epoch>-<number>`.
struct EventName {
    let epoch: String
    /// 0 is before the first event.
    let number: Int64

    /// Returns nil if the text does not have this form.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty,
            let number = parts[1] == "0" ? 0 : Int64(id: String(parts[1]))
        else { return nil }
        epoch = String(parts[0])
        self.number = number
    }
}
