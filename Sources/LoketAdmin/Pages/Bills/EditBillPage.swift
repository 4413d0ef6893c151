// The edit of an open bill. What was not changed in the form is not sent. If somebody else changed
// the bill meanwhile, the form shows both, and saving it once more is a decision.

import Hummingbird
import LoketJSON

struct EditBillPage {
    func add(to pages: PageRoutes) {
        pages.get("bills/:id/edit", use: show)
        pages.post("bills/:id/edit", use: save)
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let (bill, tag) = try await read(visit)
        let texts = BillField.texts(of: bill)
        return await page(BillForm(texts: texts), of: bill, was: texts, tag: tag, visit)
    }

    @Sendable private func save(_ visit: Visit, form: PageForm) async throws -> Response {
        var (typed, was): ([BillField: String], [BillField: String]) = ([:], [:])
        for field in BillField.editable where form.typed[field.rawValue] != nil {
            typed[field] = form[field.rawValue] ?? ""
            was[field] = form["was_\(field.rawValue)"] ?? ""
        }
        let changed = typed.filter { field, text in !field.isSame(text, was[field] ?? "") }
        let before = try await read(visit).bill
        guard !changed.isEmpty else { return visit.done("billform_unchanged", at: place(before)) }
        var body = JSONWriter()
        body.object { BillField.write(changed, to: &$0) }
        do {
            let after = try await visit.api.send(
                .patch, path(visit), body.bytes, ifMatch: form["tag"]
            ).json
            let words = visit.words
            let changes = BillField.editable.filter { changed[$0] != nil }.map { field in
                "\(words[field.label]): \(field.shown(in: before, words)) → "
                    + field.shown(in: after, words)
            }
            return visit.done(
                "billform_saved", ["changes": changes.joined(separator: "; ")], at: place(after))
        } catch let problem as Problem {
            if problem.cause == .preconditionFailed {
                // The second of two clicks finds what was typed stored.
                let stored = try await BillField.texts(of: read(visit).bill)
                if changed.allSatisfy({ field, text in field.isSame(text, stored[field] ?? "") }) {
                    return visit.done("billform_saved", at: place(before))
                }
            }
            return try await again(problem, typed: typed, was: was, tag: form["tag"], visit)
        }
    }

    /// Shows a refused form again.
    ///
    /// - Parameters:
    ///   - typed: the texts of the fields; a field without one has the bill's.
    ///   - was: the texts that the form had before somebody typed.
    ///   - tag: the version of the bill in the form.
    func again(
        _ problem: Problem, typed: [BillField: String], was: [BillField: String], tag: String?,
        _ visit: Visit
    ) async throws -> Response {
        let (bill, newTag) = try await read(visit)
        let stored = BillField.texts(of: bill)
        var form = BillForm(texts: stored.merging(typed) { _, typed in typed }, problem: problem)
        guard [.preconditionFailed, .preconditionRequired].contains(problem.cause) else {
            return await page(
                form, of: bill, was: stored.merging(was) { _, was in was }, tag: tag, visit)
        }
        for (field, old) in was {
            let new = stored[field] ?? ""
            guard !field.isSame(old, new) else { continue }
            form.notes[field] = visit.words(
                "billform_meanwhile", ["now": field.shown(in: bill, visit.words)])
            if field.isSame(typed[field] ?? "", old) { form.texts[field] = new }
        }
        return await page(form, of: bill, was: stored, tag: newTag, visit)
    }

    /// - Throws: `bill_closed` if the bill cannot be edited.
    private func read(_ visit: Visit) async throws -> (bill: JSONValue, tag: String?) {
        try BillForm.requireWrite(visit)
        let answer = try await visit.api.send(.get, path(visit))
        guard answer.json["state"]?.string == "open" else {
            throw Problem(.billClosed, "the bill is \(answer.json["state"]?.string ?? "")")
        }
        return (answer.json, answer.tag)
    }

    private func page(
        _ form: BillForm, of bill: JSONValue, was: [BillField: String], tag: String?,
        _ visit: Visit
    ) async -> Response {
        let words = visit.words
        var form = form
        form.hints[.info] = words["billform_hint_info"]
        form.hints[.due] = words["billform_hint_due"]
        if !(bill["expires_at"]?.isNull ?? true) {
            form.hints[.expires] = words(
                "billform_hint_until", ["now": BillField.expires.shown(in: bill, words)])
        }
        if was[.amount]?.contains(";") == true {
            form.hints[.amount] = words["billform_hint_amounts"]
        }
        let title = [words["billform_edit_title"], bill["invoice_number"]?.string]
            .compactMap(\.self).joined(separator: " · ")
        let name = bill["customer"]?["name"]?.string ?? ""
        let hidden =
            [("tag", tag ?? "")]
            + BillField.editable.map { ("was_\($0.rawValue)", was[$0] ?? "") }
        var values: [String: Any] = [
            "heading": title, "path": place(bill) + "/edit", "place": place(bill),
            "place_name": words["billform_to_bill"], "button": words["billform_save"],
            "lead": "\(name) · \(grouped(bill["payment_code"]?.string ?? ""))",
            "hidden": hidden.map { ["name": $0.0, "value": $0.1] },
            "fields": form.fields(BillField.editable, words),
        ]
        values["refusal"] =
            form.problem?.cause == .preconditionFailed
            ? ["text": overtaken(bill, words), "detail": ""] : form.refusal(words)
        return await PageView.page(
            "billform", title: title, values, visit, status: BillForm.status(form.problem))
    }

    /// Who changed the bill meanwhile.
    private func overtaken(_ bill: JSONValue, _ words: Words) -> String {
        let last = bill["history"]?.elements.last
        return words(
            "billform_overtaken",
            [
                "who": last?["actor"]?.string ?? words["nobody"],
                "when": words.moment(last?["at"]?.string) ?? "",
            ])
    }

    private func path(_ visit: Visit) -> String {
        "/admin/v1/bills/" + visit.addressedID.escapedForQuery
    }

    private func place(_ bill: JSONValue) -> String { BillLine.place(bill["id"]?.string) }
}
