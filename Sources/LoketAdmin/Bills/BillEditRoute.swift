// PATCH of a bill by a client that has read its current version (RFC 9110 §13.1.1, RFC 6585 §3).

import Foundation
import HTTPTypes
import Hummingbird
import LoketCore
import LoketJSON
import LoketRuntime
import LoketStore

struct BillEditRoute {
    let store: Store
    let registry: AccountRegistry
    let channels: [Channel: Settings.ChannelTerms]

    private static let mediaTypes: Set<String> = [
        "application/json", "application/merge-patch+json",
    ]

    func add(to routes: inout ScopedRoutes) {
        routes.on(.patch, "bills/:id", .write, use: edit)
    }

    @Sendable private func edit(
        _ request: Request, context: AdminContext
    ) async throws -> Response {
        _ = try request.parameters([])
        let wanted = try tags(request.headers)
        let body = try await request.strictJSON(mediaTypes: Self.mediaTypes)
        let id = try context.id("bill")
        while true {
            let outcome = try await edit(id, body, wanted, context: context)
            switch outcome {
            case .edited(let record): return record.page(names: registry.billNames)
            // The bill changed after it was read; `*` matches any version.
            case .changedSince where wanted.isAny: continue
            case .changedSince(let record): throw changedSince(record)
            case .closed(let record):
                throw Problem(
                    .billClosed, "bill \(id) is \(record.bill.state.rawValue), not open")
            case .unknown: throw unknown(id)
            }
        }
    }

    private func edit(
        _ id: Int64, _ body: JSONValue, _ wanted: EntityTags, context: AdminContext
    ) async throws -> EditOutcome {
        guard let record = try await store.bill(id: id), context.maySee(record.accountID) else {
            throw unknown(id)
        }
        guard wanted.fit(record) else { return .changedSince(record) }
        let now = Moment.now
        var reader = BillBody(
            placement: BillRules(
                registry: registry, channels: channels, only: context.accountID))
        let edit = try reader.readEdit(body, of: record)
        reader.judge(edit, of: record, now: now)
        if let problem = reader.problem() { throw problem }
        // The edit applies only if the bill still has the version that was checked above.
        return try await store.edit(id: id, edit, actor: context.actor, now: now) {
            $0.version == record.version
        }
    }

    private func unknown(_ id: Int64) -> Problem {
        Problem(.notFound, "there is no bill \(id)")
    }

    private func changedSince(_ record: BillRecord) -> Problem {
        Problem(
            .preconditionFailed,
            "bill \(record.bill.id) now has the ETag \(record.tag); read the bill again first")
    }

    /// Returns the entity tags of `If-Match`.
    private func tags(_ headers: HTTPFields) throws -> EntityTags {
        guard let text = headers[.ifMatch] else {
            throw Problem(
                .preconditionRequired,
                "send the header `If-Match` with the ETag that GET returned for the bill")
        }
        return EntityTags(text)
    }
}

/// The value of `If-Match` (RFC 9110 §8.8.3, §13.1.1): `*`, or a list of quoted tags, which may
/// contain commas. Weak tags match nothing; neither does a value that is not a list of tags.
private struct EntityTags {
    let isAny: Bool
    private let tags: [Substring]

    init(_ text: String) {
        isAny = text.trimmingCharacters(in: .whitespaces) == "*"
        let list = /[ \t,]*((?:W\/)?"[^"]*")[ \t]*(?:,|$)/
        var (rest, tags) = (text[...], [Substring]())
        while let match = rest.prefixMatch(of: list) {
            tags.append(match.output.1)
            rest = rest[match.range.upperBound...]
        }
        self.tags = rest.allSatisfy { " \t,".contains($0) } ? tags : []
    }

    func fit(_ record: BillRecord) -> Bool { isAny || tags.contains { $0 == record.tag } }
}
