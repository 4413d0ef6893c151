// The journal as a feed: with `after`, the list of inquiries is in the journal's order, oldest
// first, and a request may wait for the next one.

import Hummingbird
import LoketCore
import LoketStore

struct InquiryFeed {
    static let parameters: Set<String> = ["after", LongPoll.parameter]

    private let store: Store
    private let filter: JournalFilter
    private let cursor: FeedCursor
    private let after: String
    private let limit: Int
    private var news: LongPoll

    /// Returns nil if the list is not asked for as a feed.
    ///
    /// - Throws: `invalid_parameter` for a wrong value, `cursor` or `unpaid` beside `after`, or
    ///   `wait` alone.
    init?(
        _ parameters: [String: String], _ filter: JournalFilter, in store: Store,
        of context: AdminContext
    ) throws {
        guard let after = parameters["after"] else {
            guard parameters[LongPoll.parameter] == nil else {
                throw Problem(
                    .invalidParameter,
                    "`wait` needs `after`: add `after=` with the `next_cursor` that you have, "
                        + "`after=0`, or `after=end` for the inquiries from now on")
            }
            return nil
        }
        guard parameters["cursor"] == nil else {
            throw Problem(
                .invalidParameter,
                "`cursor` and `after` exclude each other: `cursor` leads to older inquiries, "
                    + "`after` to newer ones")
        }
        guard !filter.isUnpaid else {
            throw Problem(
                .invalidParameter,
                "`unpaid=true` and `after` exclude each other, because a payment may arrive after "
                    + "the quote was read: leave out `after`, or read `guard=payable`")
        }
        self.store = store
        self.filter = filter
        self.after = after
        cursor = FeedCursor(epoch: try store.epoch())
        limit = try Page.limit(parameters)
        news = try LongPoll(parameters, on: store.journalSignal, of: context)
    }

    /// Returns the next page, once it has an inquiry or the wait is over.
    mutating func page() async throws -> JournalPage {
        var page = try await next(
            after: try await cursor.start(after, end: store.lastInquiry))
        while page.records.isEmpty, !page.hasMore, await news.arrive() {
            page = try await next(after: page.end)
        }
        return page
    }

    func nextCursor(_ page: JournalPage) -> String { cursor.text(page.end) }

    private func next(after: Int64) async throws -> JournalPage {
        guard let page = try await store.inquiries(filter, after: after, limit: limit) else {
            throw Problem(
                .cursorGone,
                "the inquiries after this cursor were deleted for their age; start again with "
                    + "`after=0`")
        }
        return page
    }
}

extension InquiryRoutes {
    func response(_ page: JournalPage, nextCursor: String) -> Response {
        let names = registry.clientIDs
        return .json { body in
            body.array("items") { list in
                for record in page.records {
                    list.object { record.write(to: &$0, account: names) }
                }
            }
            body.field("next_cursor", nextCursor)
            body.field("has_more", page.hasMore)
        }
    }
}
