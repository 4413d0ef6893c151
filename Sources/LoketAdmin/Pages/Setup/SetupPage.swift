// Setup: the lights that turn green from DOKU's requests, the text to send to DOKU, pause and
// resume, and the keys and webhooks to look at. The page writes no setting, key or secret.

import Hummingbird
import LoketJSON
import LoketRuntime

struct SetupPage {
    let registry: AccountRegistry

    static let path = "/ui/setup"

    func add(to pages: PageRoutes) {
        pages.get("setup", use: show)
        pages.part("setup/lights", use: showLights)
        pages.post("setup/pause", use: pause)
    }

    /// What of the page was typed, and why it was refused.
    private struct Typed {
        /// The public URL.
        var base: String?
        var pause: PageForm?
        var refusal: Problem?
    }

    @Sendable private func show(_ visit: Visit) async throws -> Response {
        let base = try visit.request.parameters(["base"])["base"]
        return try await page(visit, Typed(base: base.flatMap { $0.isEmpty ? nil : $0 }))
    }

    /// The lights alone, which the script requests.
    @Sendable private func showLights(_ visit: Visit) async throws -> Response {
        var values = try await lights(visit)
        values["lamp"] = await Lamp(visit).values
        return PageView.part("lights", values, visit)
    }

    @Sendable private func pause(_ visit: Visit, form: PageForm) async throws -> Response {
        var body = JSONWriter()
        body.object {
            $0.field("account", form["account"])
            $0.field("reason", form["reason"])
        }
        do {
            try await visit.api.send(.post, "/admin/v1/pause", body.bytes)
        } catch let problem as Problem {
            guard visit.mayWrite else { throw problem }
            return try await page(visit, Typed(pause: form, refusal: problem))
        }
        return visit.done("pause_done", form: form)
    }

    // MARK: The page

    private func page(_ visit: Visit, _ typed: Typed) async throws -> Response {
        var values = try await lights(visit)
        values["refresh"] = Self.path + "/lights"
        let letter = letter(visit, base: typed.base)
        values["letter"] = letter
        let pauses = try await visit.api.get("/admin/v1/pauses")
        values["paused"] = SetupLists.paused(pauses, visit)
        values["pause_history"] = SetupLists.pauseHistory(pauses, visit)
        if visit.mayWrite { values["pause_form"] = pauseForm(visit, typed) }
        values["keys"] = try await SetupLists.keys(visit)
        values["webhooks"] = try await SetupLists.webhooks(visit)
        return await PageView.page(
            "setup", title: visit.words["tab_setup"], values, visit,
            status: typed.refusal?.cause.status ?? (letter["fault"] == nil ? .ok : .badRequest))
    }

    private func lights(_ visit: Visit) async throws -> [String: Any] {
        let settings = registry.settings
        return try await SetupLights(
            visit, accounts: accounts(visit).map(\.clientID), gateway: settings.gateway
        ).values
    }

    /// The configured accounts that the key may use.
    private func accounts(_ visit: Visit) -> [Settings.Account] {
        guard let id = visit.key.accountID else { return registry.accounts }
        return registry.accounts.filter { $0.clientID == registry.clientIDs[id] }
    }

    // MARK: The letter

    /// The text to send to DOKU, for each account, with the public URL that was typed.
    private func letter(_ visit: Visit, base text: String?) -> [String: Any] {
        var values: [String: Any] = [:]
        var base: String?
        if let text {
            values["typed"] = text
            do throws(PublicURL.Refusal) {
                base = try PublicURL(text).base
            } catch {
                values["fault"] = error.reason
            }
        }
        let settings = registry.settings
        values["texts"] = accounts(visit).enumerated().map { place, account -> [String: Any] in
            [
                "id": "letter-\(place + 1)",
                "text": DokuLetter(account, in: settings, base: base).text,
            ]
        }
        return values
    }

    // MARK: The form

    private func pauseForm(_ visit: Visit, _ typed: Typed) -> [String: Any] {
        let words = visit.words
        let before = typed.pause?.typed ?? [:]
        var values: [String: Any] = ["open": typed.refusal != nil]
        values["reason"] = before["reason"]
        if let problem = typed.refusal {
            let isOfReason = problem.faultsByField["reason"] != nil
            values["fault"] = isOfReason ? words["pause_fault"] : nil
            values["refusal"] =
                isOfReason
                ? nil
                : words.ifAny("problem_\(problem.cause.rawValue)") ?? words["problem_other"]
        }
        let own = accounts(visit).map(\.clientID)
        // A key of one account pauses that one.
        let names = visit.key.accountID == nil ? [""] + own : own
        if names.count > 2 {
            values["choice"] = [
                "options": names.map { name -> [String: Any] in
                    [
                        "value": name,
                        "name": name.isEmpty
                            ? words["every_account"] : visit.account(name) ?? name,
                        "selected": name == before["account"],
                    ]
                }
            ]
        } else {
            values["only"] = ["value": names.first ?? ""]
        }
        return values
    }
}
