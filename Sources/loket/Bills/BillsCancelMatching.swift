// `loket bills cancel-many` with a filter: a dry run first, then a question on a terminal, and then
// the cancellation of the number of bills that the dry run returned.

import Foundation
import LoketCore
import LoketJSON
import NIOCore

extension BillsCancelMany {
    private static let patience = TimeAmount.minutes(10)

    func cancelMatching(_ client: AdminClient) async throws {
        let tried = try await ask(client, expected: nil)
        let matched = tried["matched"]?.integer ?? 0
        guard !dryRun, matched > 0 else { return try show(tried, matched) }
        if !yes {
            guard Screen.isThere, isatty(STDIN_FILENO) == 1 else {
                throw Failure(
                    .usage,
                    "this would cancel \(Self.bills(matched)), \(shownAmount(tried["amount"])) in all; "
                        + "give --yes to cancel")
            }
            let text =
                "cancel \(Self.bills(matched)), \(shownAmount(tried["amount"])) in all? Type yes"
            guard try Terminal.ask(text, isSecret: false) == "yes" else {
                throw Failure(.no, "nothing was cancelled")
            }
        }
        try show(try await ask(client, expected: matched), matched)
    }

    /// - Parameter expected: The number of bills to cancel; nil for a dry run.
    private func ask(_ client: AdminClient, expected: Int64?) async throws -> JSONValue {
        try await client.post(Self.path, patience: Self.patience) { body in
            body.object("filter") { object in
                for case (let name, let value?) in filter.query {
                    object.name(name)
                    object.string(value)
                }
            }
            if let reason { body.field("reason", reason) }
            if let expected { body.field("expected_count", expected) }
            body.field("dry_run", expected == nil)
        }
    }

    /// - Throws: `Failure` 1 if a bill was not cancelled.
    private func show(_ answer: JSONValue, _ matched: Int64) throws {
        let cancelled = answer["cancelled"]?.integer ?? 0
        let isDryRun = answer["dry_run"]?.bool == true
        let text =
            isDryRun
            ? "would cancel \(Self.bills(cancelled)), \(shownAmount(answer["amount"])) in all"
            : "\(Self.bills(cancelled)) cancelled"
        if output.json {
            try output.show(answer) { _ in "" }
        } else {
            try Table([]).print([text] + BillText.damaged(answer))
        }
        let left = answer["left"]?.integer ?? 0
        if let reason = answer["stopped_by"]?.string {
            throw Failure(
                .no,
                "\(left) of \(Self.bills(matched)) are left, because of a fault: "
                    + "\(reason.visible); run the command again")
        }
        guard left == 0 else {
            throw Failure(
                .no,
                "\(Self.bills(left)) changed meanwhile and no longer match, or became damaged: "
                    + "left as they are")
        }
        guard answer["damaged"]?.elements.isEmpty != false else {
            throw Failure(.no, "damaged bills were not cancelled")
        }
    }
}
