// The decisions: each calls the API and leads back to the page that has it. A form that the API
// refuses is shown again with what was typed.

import Hummingbird
import LoketJSON

struct MoneyActions {
    func add(to pages: PageRoutes) {
        pages.post("money/:id/decide", use: decide)
        pages.post("money/:id/bill", use: choose)
        pages.post("money/:id/reopen", use: reopen)
        pages.post("money/attention/:id", use: resolve)
        pages.post("money/quarantine", use: retry)
    }

    @Sendable private func decide(_ visit: Visit, form: PageForm) async throws -> Response {
        do {
            guard form["action"] ?? form["bill"] != nil else {
                throw Problem(.invalidValue, at: "/action", "is required")
            }
            return try await decideAsChosen(visit, form)
        } catch let problem as Problem {
            return try await MoneyPaymentPage.response(
                visit, refused: RefusedForm(problem, form, visit))
        }
    }

    @Sendable private func choose(_ visit: Visit, form: PageForm) async throws -> Response {
        do {
            try form.requireButton()
            // Without a choice, the API would take the payment's own bill.
            guard form["bill"] != nil else {
                throw Problem(.invalidValue, at: "/bill_id", "is required")
            }
            return try await decideAsChosen(visit, form)
        } catch let problem as Problem {
            return try await ChooseBillPage.response(
                visit, search: form["q"], refused: RefusedForm(problem, form, visit))
        }
    }

    private func decideAsChosen(_ visit: Visit, _ form: PageForm) async throws -> Response {
        if let answer = try await accept(visit, form) { return answer }
        try await send(visit, form)
        return visit.done("money_decided", form: form)
    }

    /// Accepts the payment for the bill that was chosen, or asks before that.
    ///
    /// - Returns: nil if no bill of the payment's account was chosen.
    private func accept(_ visit: Visit, _ form: PageForm) async throws -> Response? {
        guard let id = form["bill"],
            let bill = try await visit.api.getIfAny("/admin/v1/bills/" + id.escapedForQuery)
        else { return nil }
        let payment = try await visit.api.get(visit.payment())
        guard bill["account"]?.string == payment["account"]?.string else { return nil }
        let facts = PaymentFacts(payment, visit.words)
        let chosen = ChosenBill(bill, for: facts)
        if visit.mayWrite,
            let question = await ChooseBillPage.question(chosen, facts, visit, form)
        {
            return question
        }
        try await send(visit, form)
        return visit.done(chosen.done.key, chosen.done.values, form: form)
    }

    /// A bill that was chosen is accepted.
    private func send(_ visit: Visit, _ form: PageForm) async throws {
        var body = JSONWriter()
        body.object {
            $0.field("action", form["bill"] == nil ? form["action"] : "accept")
            $0.field("bill_id", form["bill"])
            $0.field("note", form["note"])
        }
        try await visit.api.send(.post, visit.payment("/resolve"), body.bytes)
    }

    @Sendable private func reopen(_ visit: Visit, form: PageForm) async throws -> Response {
        do {
            try form.requireButton()
            try await visit.api.send(.post, visit.payment("/reopen"), note(form))
            return visit.done("money_reopened", form: form)
        } catch let problem as Problem {
            return try await MoneyPaymentPage.response(
                visit, refused: RefusedForm(problem, form, visit))
        }
    }

    @Sendable private func resolve(_ visit: Visit, form: PageForm) async throws -> Response {
        do {
            try form.requireButton()
            try await visit.api.send(
                .post, "/admin/v1/attention/\(visit.addressedID.escapedForQuery)/resolve",
                note(form))
            return visit.done("money_noted", form: form)
        } catch let problem as Problem {
            let entry = try await OpenDecisions.attention(visit)
                .first { $0["id"]?.string == visit.addressedID }
            // Somebody else has resolved it meanwhile, or it never was.
            guard let entry else {
                let isTyped = problem.cause == .invalidValue
                return visit.refused(
                    isTyped ? Problem(.attentionResolved, problem.detail) : problem, form: form)
            }
            let refused = RefusedForm(problem, form, visit)
            var values: [String: Any] = [
                "cards": [OpenDecisions.attentionCard(entry, visit, refused: refused)]
            ]
            values["problem"] = refused.text(visit.words)
            return await PageView.page(
                "attention", title: visit.words["tab_money"], values, visit,
                status: problem.cause.status)
        }
    }

    @Sendable private func retry(_ visit: Visit, form: PageForm) async throws -> Response {
        do {
            let answer = try await visit.api.send(
                .post, "/admin/v1/quarantine/retry", Array("{}".utf8))
            return visit.done(
                "money_retried",
                [
                    "entered": "\(answer.json["entered"]?.integer ?? 0)",
                    "kept": "\(answer.json["kept"]?.integer ?? 0)",
                ], form: form)
        } catch let problem as Problem {
            return visit.refused(problem, form: form)
        }
    }

    private func note(_ form: PageForm) -> [UInt8] {
        var body = JSONWriter()
        body.object { $0.field("note", form["note"]) }
        return body.bytes
    }
}
