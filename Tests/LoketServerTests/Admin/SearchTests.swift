// One search over bills and inquiries, by what a person has at hand; and what `why` reports for a
// code without a bill.

import DokuSimulator
import LoketCore
import LoketJSON
import Testing

struct SearchTests {
    private func search(_ text: String, by client: AdminClient) async throws -> JSONValue {
        let escaped = path(text).dropFirst("/admin/v1/inquiries/".count)
        let answer = try await client.get("/admin/v1/search?q=\(escaped)")
        try #require(answer.status == 200, "\(answer.text)")
        return try answer.json()
    }

    private func ids(_ list: JSONValue?, _ name: String = "id") -> [String] {
        (list?.elements ?? []).compactMap { $0.member(name)?.string }
    }

    @Test func `a code, a number, an id and a Request-Id lead to bills and inquiries`() async throws
    {
        try await withService { service in
            try service.seed([
                .sample("88965110000001", "INV-1"), .sample("88965110000002", "INV-2"),
            ])
            _ = try await service.ask(Shop.doku.inquiry("88965110000001", requestID: "asked"))
            _ = try await service.ask(Shop.doku.inquiry("88965199999999", requestID: "other"))
            _ = try await service.why("other")
            let table: [(String, [String], [String])] = [
                ("8896 5110 0000 01", ["1"], ["asked"]), ("INV-1", ["1"], ["asked"]),
                ("1", ["1"], ["asked"]), ("#2", ["2"], []), ("asked", [], ["asked"]),
                ("88965199999999", [], ["other"]), ("nothing", [], []),
            ]
            for (text, bills, inquiries) in table {
                let found = try await search(text, by: service.admin)
                #expect(ids(found["bills"]) == bills, "\(text)")
                #expect(ids(found["inquiries"], "request_id") == inquiries, "\(text)")
                #expect(found["near"]?["count"]?.integer == 0, "\(text)")
            }
            let near = try await search("88965110000003", by: service.admin)["near"]
            #expect(ids(near?["items"]) == ["2", "1"])
            var neighbour = service.admin
            neighbour.key = try await service.keyForOneAccount(Shop.neighbourID)
            for text in ["88965110000001", "INV-1", "1", "asked", "88965110000003"] {
                let found = try await search(text, by: neighbour)
                #expect(ids(found["bills"]).isEmpty && ids(found["inquiries"]).isEmpty, "\(text)")
                #expect(found["near"]?["count"]?.integer == 0, "\(text)")
            }
        }
    }

    @Test func `a damaged bill is named, and the inquiries for its code are found`() async throws {
        try await withService { service in
            let code = "88965110000001"
            try service.seed([.sample(code, "INV-1")])
            try await service.python("UPDATE bill SET amount = amount + 1 WHERE id = 1")
            _ = try await service.ask(Shop.doku.inquiry(code, requestID: "asked"))
            _ = try await service.why("asked")
            var neighbour = service.admin
            neighbour.key = try await service.keyForOneAccount(Shop.neighbourID)
            for text in [code, "INV-1", "1"] {
                let found = try await search(text, by: service.admin)
                #expect(found["damaged"]?.elements.map(\.string) == ["1"], "\(text)")
                #expect(ids(found["bills"]).isEmpty, "\(text)")
                #expect(ids(found["inquiries"], "request_id") == ["asked"], "\(text)")
                let theirs = try await search(text, by: neighbour)
                #expect(theirs["damaged"]?.elements.isEmpty == true, "\(text)")
            }
        }
    }

    @Test func `why of a code one digit short names the bills and the next inquiry`() async throws {
        try await withService { service in
            try service.seed(
                (0...9).map { try .sample("8896512026007\($0)", "INV-\($0)") })
            _ = try await service.ask(Shop.doku.inquiry("8896512026007", requestID: "short"))
            _ = try await service.why("short")
            _ = try await service.ask(Shop.doku.inquiry("88965120260074", requestID: "right"))
            _ = try await service.why("right")
            let found = try await service.why("short")
            #expect(found["answer"]?["guard"]?.string == "bill_unknown")
            #expect(found["near"]?["count"]?.integer == 10)
            let items = found["near"]?["items"]?.elements ?? []
            #expect(items.allSatisfy { $0["difference"]?.string == "digit_missing" })
            let asked = items.filter { $0["asked_at"]?.isNull == false }
            #expect(asked.map { $0["payment_code"]?.string } == ["88965120260074"])
            let text = found["would_have_passed"]?.string ?? ""
            let words = [
                "The code has 13 digits; 10 bills have one digit more",
                "88965120260074 (a digit missing; bill 5, INV-4, open, "
                    + "inquiry less than 1 s later)",
            ]
            for word in words { #expect(text.contains(word), "\(word) in \(text)") }
            #expect(try await service.why("right")["near"]?["count"]?.integer == 0)
        }
    }

    @Test func `a held bill and why name the payment that holds it`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1")])
            try await service.pay(Till.notice(amount: 74_000))
            _ = try await service.ask(Till.inquirer.inquiry(Till.code, requestID: "asked"))
            let holding = try await service.bill()["held_by"]?.elements ?? []
            #expect(ids(try await service.bill()["held_by"]) == ["1"])
            #expect(holding.first?["standing"]?.string == "amount_mismatch")
            #expect(holding.first?["amount"]?.integer == 74_000)
            let text = try await service.why("asked")["would_have_passed"]?.string ?? ""
            for word in [
                "payment 1, Rp74.000 of Rp150.000, amount_mismatch",
                "`loket payments show 1`", "held by payment 1 at ",
            ] { #expect(text.contains(word), "\(word) in \(text)") }
            _ = try await service.resolve("1", #"{"action":"refunded"}"#)
            let since = try await service.why("asked")["would_have_passed"]?.string ?? ""
            #expect(since.contains("which was made since"), "\(since)")
        }
    }
}
