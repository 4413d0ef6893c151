// PATCH of a bill: only by whoever has seen it as it is now (RFC 9110 §13.1.1, RFC 6585 §3).

import DokuWire
import HTTPTypes
import Hummingbird
import LoketCore
import LoketStore

struct BillEditRoute {
    let store: BillStore
    let directory: Directory
    let channels: [Channel: Settings.ChannelTerms]

    private static let mediaTypes: Set<String> = [
        "application/json", "application/merge-patch+json",
    ]

    func add(to group: RouterGroup<AdminContext>) {
        group.patch("bills/:id", use: edit)
    }

    @Sendable private func edit(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let wanted = try tags(request.headers)
        let body = try await request.strictJSON(mediaTypes: Self.mediaTypes)
        let id = try context.id("bill")
        guard let record = try await store.bill(id: id), context.maySee(record.accountID) else {
            throw Problem(.notFound, "there is no bill \(id)")
        }
        guard wanted.fit(record) else { throw changedSince(record) }
        let now = Moment.now
        var reader = BillBody(
            placement: BillPlacement(
                directory: directory, channels: channels, only: context.accountID))
        let edit = try reader.readEdit(body, of: record)
        if let edit { reader.judge(edit, of: record.bill, accountID: record.accountID, now: now) }
        guard let edit, reader.faults.isEmpty else {
            throw Problem(.invalidValue, faults: reader.faults)
        }
        // What was judged is what is edited: the version is the one that was read above.
        let outcome = try await store.edit(id: id, edit, actor: context.actor, now: now) {
            $0.version == record.version
        }
        switch outcome {
        case .edited(let record): return record.page(names: directory.billNames)
        case .changedSince(let record): throw changedSince(record)
        case .closed(let record):
            throw Problem(.billClosed, "bill \(id) is \(record.bill.state.rawValue), not open")
        case .unknown: throw Problem(.notFound, "there is no bill \(id)")
        }
    }

    private func changedSince(_ record: BillRecord) -> Problem {
        Problem(
            .preconditionFailed,
            "bill \(record.bill.id) now has the ETag \(record.tag); read it again first")
    }

    /// The entity tags of `If-Match`.
    private func tags(_ headers: HTTPFields) throws -> EntityTags {
        guard let text = headers[.ifMatch] else {
            throw Problem(
                .preconditionRequired,
                "send `If-Match:` with the ETag that GET gave for the bill")
        }
        return EntityTags(text)
    }
}

/// What `If-Match` lists.
private struct EntityTags {
    private let tags: [String]

    init(_ text: String) {
        tags = text.split(separator: ",").map { $0.trimmingPrefix(" ") }.map(String.init)
    }

    func fit(_ record: BillRecord) -> Bool {
        tags.contains("*") || tags.contains(record.tag)
    }
}

extension BillRecord {
    /// The strong ETag of this state of the bill.
    var tag: String { "\"\(version)\"" }

    /// One bill with its history, under its ETag.
    func page(
        _ status: HTTPResponse.Status = .ok, names: BillNames
    ) -> Response {
        var response = Response.json(status) {
            write(to: &$0, names: names, now: .now, withHistory: true)
        }
        response.headers[.eTag] = tag
        return response
    }
}
