// Payments that wait for a decision, for the tests of the page Money.

import DokuSimulator
import LoketCore
import TestSupport
import Testing

enum MoneyCards {
    static let unknownCode = "88965110000099"

    /// Payments 1 to 7: settled, then one of each kind that needs a decision.
    static func fill(_ service: RunningService) async throws {
        try service.seed([
            .sample(Till.code, "INV-1"),
            .sample(Till.otherCode, "INV-2", amount: 75_000) {
                $0.customerName = "Nur <b>Aini</b> & \"Co\""
            },
            .sample("88965110000003", "INV-3", amount: 20_000),
            .sample("88965110000004", "INV-4"),
            .sample("88965110000005", "INV-5", amount: 275_000) {
                $0.customerName = "Budi Santoso"
            },
        ])
        #expect(try await service.admin.post("/admin/v1/bills/3/cancel", "{}").status == 200)
        try await service.pay(Till.notice(transaction: "1"))
        try await service.pay(Till.notice(transaction: "2"))
        try await service.pay(Till.notice("INV-2", amount: 74_000, code: Till.otherCode))
        try await service.pay(Till.notice("INV-9", amount: 275_000, code: "88965110000005"))
        try await service.pay(Till.notice("INV-3", amount: 20_000, code: "88965110000003"))
        try await service.pay(Till.notice("INV-7", amount: nil))
        try await service.pay(Till.notice("INV-4", code: unknownCode))
        let standings = try await service.payments("?sort=oldest").map { $0["standing"]?.string }
        #expect(
            standings == [
                "settled", "duplicate", "amount_mismatch", "unmatched", "after_cancel",
                "unreadable", "settled",
            ])
    }

    /// The cards of a page, with their entities resolved.
    static func of(_ page: DokuAnswer) -> [Substring] {
        page.shown.split(separator: "<article class=\"card\">").dropFirst().map {
            $0.split(separator: "</article>").first ?? ""
        }
    }

    /// The token for a form that is written by hand.
    static func token(_ page: DokuAnswer) -> String {
        page.form("/ui/sign-out")?["form_token"] ?? ""
    }

    static let hidden = "a\u{202E}b"
}
