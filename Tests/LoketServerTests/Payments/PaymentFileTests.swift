// Payments as CSV for accounting: exact lines, all of them in one answer, and what a spreadsheet
// must not run.

import DokuSimulator
import LoketCore
import Testing

struct PaymentFileTests {
    private static let path = "/admin/v1/payments"

    private func file(
        _ service: RunningService, _ query: String = "", accept: String = "text/csv",
        by client: AdminClient? = nil
    ) async throws -> AdminAnswer {
        try await (client ?? service.admin).send(
            "GET", Self.path + query, body: [], type: "application/json",
            more: [("Accept", accept)])
    }

    private static func lines(_ answer: AdminAnswer) -> [String] {
        answer.text.split(separator: "\r\n").map(String.init)
    }

    private static let head =
        "date,time,customer,invoice_number,payment_code,amount,channel,store,transaction_id,status,"
        + "decision,note,metadata,payment_id,paid_invoice_number,account"

    @Test func `each payment is a line with its day, customer, counter and decision`()
        async throws
    {
        try await withTill { service in
            try service.seed([
                .sample(Till.code, "INV-1") {
                    $0.customerName = "=HYPERLINK(\"http://x\")"
                    $0.metadata = #"{"class":"7B","fee":"SPP, \"Nov\""}"#
                }
            ])
            let paid = try #require(Moment(rfc3339: "2026-11-30T00:00:05+07:00"))
            try await service.pay(Till.notice(at: paid, transaction: "1246"))
            try await service.pay(
                Till.notice(
                    "INV-9", amount: 74_000, at: paid.adding(milliseconds: 1000),
                    transaction: "-1"))
            let note = #"{"action":"refunded","note":"at the counter, \"Ani\""}"#
            #expect(try await service.resolve("2", note).status == 200)
            let answer = try await file(service)
            #expect(answer.status == 200 && answer.type == "text/csv; charset=utf-8")
            #expect(
                Self.lines(answer) == [
                    Self.head,
                    "2026-11-30,00:00:06,,INV-9,88965110000001,74000,alfa,B071,'-1,unmatched,"
                        + #"refunded,"at the counter, ""Ani""",,2,INV-9,"# + Shop.clientID,
                    #"2026-11-30,00:00:05,"'=HYPERLINK(""http://x"")",INV-1,88965110000001,150000,"#
                        + #"alfa,B071,1246,settled,,,"{""class"":""7B"",""fee"":""SPP, \""Nov\"""""#
                        + #"}",1,INV-1,"# + Shop.clientID,
                ])
        }
    }

    private static let dividing: [(name: String, comma: String, semicolon: String)] = [
        (
            "x;=cmd|'/C calc'!A1;y", #""x;'=cmd|'/C calc'!A1;y""#, #""x;'=cmd|'/C calc'!A1;y""#
        ),
        ("a,-1", #""a,-1""#, #""a,'-1""#),
        (#"a;"@x""#, #""a;'""@x""""#, #""a;'""@x""""#),
        ("a;'=b", #""a;''=b""#, #""a;''=b""#),
        ("a;b = c", #""a;b = c""#, #""a;b = c""#),
    ]

    @Test func `no part of a cell is a formula where another delimiter is expected`()
        async throws
    {
        try await withTill { service in
            try service.seed(
                Self.dividing.enumerated().map { place, row in
                    try .sample("8896511000010\(place)", "INV-\(place)") {
                        $0.customerName = row.name
                    }
                })
            for place in Self.dividing.indices {
                try await service.pay(
                    Till.notice("INV-\(place)", code: "8896511000010\(place)"))
            }
            let comma = Self.lines(try await file(service, "?sort=oldest&delimiter=comma"))
            #expect(try await file(service, "?sort=oldest").text.contains(comma[1]))
            let semicolon = Self.lines(try await file(service, "?sort=oldest&delimiter=semicolon"))
            #expect(semicolon[0] == Self.head.replacing(",", with: ";"))
            for (place, row) in Self.dividing.enumerated() {
                #expect(comma[place + 1].contains(",\(row.comma),INV-"), "\(comma[place + 1])")
                #expect(
                    semicolon[place + 1].contains(";\(row.semicolon);INV-"),
                    "\(semicolon[place + 1])")
            }
            let list = try await service.admin.get(Self.path + "?delimiter=semicolon")
            try expectProblem(list, 400, "invalid_parameter")
            #expect(list.text.contains("send `Accept: text/csv`"), "\(list.text)")
        }
    }

    @Test func `the file has all payments of the filter, whatever their number`() async throws {
        try await withTill { service in
            try service.seed([.sample(Till.code, "INV-1") { $0.reusable = true }])
            let count = Limits.paymentFileRowsAtOnce + 3
            for place in 0..<count {
                _ = try await service.notify(Till.notice(transaction: "\(place)"))
            }
            for query in ["", "?from=2026-01-01", "?sort=oldest", "?customer=a&channel=alfa"] {
                let ids = Self.lines(try await file(service, query)).dropFirst().compactMap {
                    $0.split(separator: ",", omittingEmptySubsequences: false).dropLast(2).last
                }
                #expect(ids.count == count && Set(ids).count == count, "\(query)")
            }
            #expect(Self.lines(try await file(service, "?to=2020-01-01")) == [Self.head])
        }
    }

    @Test func `a damaged payment has a line, so that no money is left out in silence`()
        async throws
    {
        try await withTill { service in
            for place in 1...2 { try await service.pay(Till.notice("INV-\(place)")) }
            try ForeignHand.damage(
                service.folder.file("loket.db"), "UPDATE payment SET amount = 9 WHERE id = 1")
            let lines = Self.lines(try await file(service))
            #expect(lines.count == 3)
            #expect(lines.last == ",,,,,,,,,damaged,,,,1,,")
        }
    }

    private static let accepted: [(accept: String, isFile: Bool)] = [
        ("text/csv", true), ("TEXT/CSV; charset=utf-8", true), ("text/csv, */*;q=0.1", true),
        ("application/json;q=0.5, text/csv", true), ("text/csv;q=0", false), ("*/*", false),
        ("application/json", false), ("text/csv;q=0.4, application/json;q=0.5", false),
        ("text/html", false),
    ]

    @Test func `the list is CSV only where the client prefers it`() async throws {
        try await withTill { service in
            for (accept, isFile) in Self.accepted {
                let answer = try await file(service, accept: accept)
                #expect(answer.type?.hasPrefix("text/csv") == isFile, "\(accept)")
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `a file has the payments of the key's account and no others`() async throws {
        try await withTill { service in
            _ = try service.store.registerAccounts([Shop.neighbourID])
            try await service.pay(Till.notice("INV-1"))
            try await service.pay(
                Till.notice("INV-1", code: "77777000001"), by: Till.neighboursDoku)
            let shop = try await service.client("shop", scopes: ["read"], account: Shop.clientID)
            let lines = Self.lines(try await file(service, by: shop))
            #expect(lines.count == 2 && lines.last?.hasSuffix(Shop.clientID) == true)
            #expect(Self.lines(try await file(service)).count == 3)
            try expectProblem(
                try await file(service, "?account=\(Shop.neighbourID)", by: shop), 403,
                "account_forbidden")
            let writer = try await service.client("writer", scopes: ["write"])
            try expectProblem(try await file(service, by: writer), 403, "scope_missing")
        }
    }
}
