// The scenario: its stories are consistent, a correct service passes, and a service with a single
// fault fails.

import DokuSimulator
import LoketCore
import Testing

struct ScenarioTests {
    private typealias Counterpart = ScenarioCounterpart

    private static func makeScenario() -> Scenario {
        func doku(_ path: String) -> Doku {
            Doku(clientID: "MCH-1", secret: Sample.secretText, signedTarget: path)
        }
        return Scenario(
            inquiries: doku("/doku/inquiry"), notifications: doku("/doku/notification"),
            bin: Counterpart.bin)
    }

    private func play(
        suffixesAlways: Bool = false, _ lie: @escaping ScenarioCounterpart.Lie = { $2 }
    ) async throws -> (isRight: Bool, verdicts: [Scenario.Verdict]) {
        var verdicts: [Scenario.Verdict] = []
        let isRight = try await Self.makeScenario().run(
            over: Counterpart(suffixesAlways: suffixesAlways, lie: lie).ways,
            now: { Counterpart.now }
        ) { verdicts.append($0) }
        return (isRight, verdicts)
    }

    @Test(arguments: [false, true])
    func `a correct service passes at every step`(suffixesAlways: Bool) async throws {
        let (isRight, verdicts) = try await play(suffixesAlways: suffixesAlways)
        for verdict in verdicts {
            #expect(verdict.got == verdict.expected, "\(verdict.story): \(verdict.step)")
        }
        #expect(isRight)
        #expect(verdicts.count > 60)
    }

    @Test func `each step has a unique pair of story and title`() async throws {
        let verdicts = try await play().verdicts
        let stories = verdicts.map(\.story)
        #expect(Set(stories).count == 16)
        for story in Set(stories) {
            let titles = verdicts.filter { $0.story == story }.map(\.step)
            #expect(Set(titles).count == titles.count, "\(story): \(titles)")
        }
    }

    @Test func `the scenario has every standing, flag and decision`() async throws {
        let said = try await play().verdicts.map(\.expected).joined(separator: "\n")
        for word in [
            "settled", "duplicate", "amount_mismatch", "after_cancel", "unmatched", "foreign",
            "not_success", "unreadable", "old_amount", "late", "code_differs", "accept",
            "refunded", "dismiss", "bill open", "bill held", "bill paid", "bill cancelled",
            "200 success", "billing_already_paid", "decline", "401 empty, not signed",
            "same bytes", "2 deliveries",
        ] {
            #expect(said.contains(word), "\(word)")
        }
    }

    // MARK: Wrong answers

    private struct LieCase: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let lie: ScenarioCounterpart.Lie

        init(_ name: String, _ lie: @escaping ScenarioCounterpart.Lie) {
            testDescription = name
            self.lie = lie
        }

        /// Replaces a text in the answers of the admin API.
        init(admin text: String, _ other: String) {
            self.init("\(text) told as \(other)") { way, _, answer in
                guard way == .admin else { return answer }
                var answer = answer
                let body = String(decoding: answer.body, as: UTF8.self)
                answer.body = Array(body.replacing(text, with: other).utf8)
                return answer
            }
        }
    }

    private static let lies = [
        LieCase("no signatures") { _, _, answer in answer.with("Signature", nil) },
        LieCase("notifications are not signed") { way, _, answer in
            way == .notification ? answer.with("Signature", nil) : answer
        },
        LieCase("200 to a forged body") { _, _, answer in
            var answer = answer
            if answer.status == 401 { answer.status = 200 }
            return answer
        },
        LieCase("201 to a notification") { way, _, answer in
            var answer = answer
            if way == .notification, answer.status == 200 { answer.status = 201 }
            return answer
        },
        LieCase("every notification is answered {}") { way, request, answer in
            way == .notification && answer.status == 200
                ? Sample.answer(200, "{}", to: request, target: request.target) : answer
        },
        LieCase("a body more than the echo") { way, request, answer in
            guard way == .notification, answer.body.count > 2 else { return answer }
            let text = String(decoding: answer.body.dropLast(), as: UTF8.self) + #","a":1}"#
            return Sample.answer(200, text, to: request, target: request.target)
        },
        LieCase("409 to a repeat") { way, request, answer in
            guard way == .notification, answer.status == 200, answer.body.count > 2 else {
                return answer
            }
            let body = String(decoding: request.body, as: UTF8.self)
            return body.contains("-2\"") ? Sample.answer(409, "{}", to: request) : answer
        },
        LieCase(admin: "\"settled\"", "\"duplicate\""),
        LieCase(admin: "duplicate", "settled"),
        LieCase(admin: "foreign", "unmatched"),
        LieCase(admin: "not_success", "settled"),
        LieCase(admin: "\"needs_attention\":true", "\"needs_attention\":false"),
        LieCase(admin: "\"needs_attention\":false", "\"needs_attention\":true"),
        LieCase(admin: "\"late\"", ""),
        LieCase(admin: "\"old_amount\"", ""),
        LieCase(admin: "\"code_differs\"", ""),
        LieCase(admin: "\"state\":\"held\"", "\"state\":\"open\""),
        LieCase(admin: "\"state\":\"paid\"", "\"state\":\"open\""),
        LieCase(admin: "149000", "150000"),
        LieCase(admin: "\"amount\":300000", "\"amount\":150000"),
        LieCase(admin: "\"amount\":null", "\"amount\":0"),
        LieCase(admin: "\"bill_id\":null", "\"bill_id\":\"0\""),
        LieCase(admin: "[\"0\",\"1\"]", "[\"0\"]"),
        LieCase(admin: "\"notification\"", "\"check_status\""),
        LieCase(admin: "\"received\"", "\"taken\""),
        LieCase("the admin API refuses") { way, _, answer in
            way == .admin ? DokuAnswer(status: 403, headers: [], body: []) : answer
        },
        LieCase("no ETag") { way, _, answer in answer.with("etag", nil) },
        LieCase("held bills are payable") { way, request, answer in
            guard way == .inquiry, answer.status == 400 else { return answer }
            let body = String(decoding: answer.body, as: UTF8.self)
            return Sample.answer(
                400, body.replacing("decline", with: "billing_already_paid"), to: request)
        },
        LieCase("another number is quoted") { way, request, answer in
            guard way == .inquiry, answer.status == 200 else { return answer }
            let body = String(decoding: answer.body, as: UTF8.self)
            return Sample.answer(200, body.replacing("SCN-", with: "INV-"), to: request)
        },
    ]

    @Test(arguments: lies.indices)
    func `a service with a single fault fails`(_ index: Int) async throws {
        let (isRight, verdicts) = try await play(Self.lies[index].lie)
        #expect(!isRight, "\(Self.lies[index].testDescription)")
        #expect(verdicts.contains { !$0.isRight })
    }

    @Test func `an unreachable service ends the scenario with that error`() async throws {
        struct Unreachable: Error {}
        let nobody: Scenario.Send = { _ in throw Unreachable() }
        let right = Counterpart().ways
        for ways in [
            Scenario.Ways(inquiry: nobody, notification: nobody, admin: nobody),
            Scenario.Ways(
                inquiry: { _ in throw Unreachable() }, notification: { _ in throw Unreachable() },
                admin: right.admin),
        ] {
            await #expect(throws: Unreachable.self) {
                _ = try await Self.makeScenario().run(over: ways) { _ in }
            }
        }
    }
}
